package services.chorus.seqthink.net;

/** Nobody answered, or not as briefly or as soon as was asked; carries nothing of an answer. */
public final class NoAnswerException extends Exception {

    /** Why there is no answer. */
    public enum Why {
        /** Not all of it was there in time. */
        TIMED_OUT,
        /** No connection, a broken one, or more bytes than are taken. */
        UNREACHABLE
    }

    private final Why why;

    NoAnswerException(Why why) {
        super(why.name(), null, false, false);
        this.why = why;
    }

    /** Why there is no answer. */
    public Why why() {
        return why;
    }
}
