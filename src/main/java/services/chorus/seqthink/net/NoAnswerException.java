package services.chorus.seqthink.net;

/** No response within the bounds; carries nothing of a response. */
public final class NoAnswerException extends Exception {

    /** Why there is no response. */
    public enum Why {
        /** It was not complete in time. */
        TIMED_OUT,
        /** No connection, a broken one, or too many bytes. */
        UNREACHABLE
    }

    private final Why why;

    NoAnswerException(Why why) {
        super(why.name(), null, false, false);
        this.why = why;
    }

    /** Why there is no response. */
    public Why why() {
        return why;
    }
}
