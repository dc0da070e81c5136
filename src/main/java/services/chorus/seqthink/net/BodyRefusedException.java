package services.chorus.seqthink.net;

/** A body that was not received whole; carries nothing of it. */
public final class BodyRefusedException extends Exception {

    /** Why a body was not received. */
    public enum Why {
        /** More bytes than the route takes. */
        TOO_LARGE,
        /** Not all there when its time was up. */
        TOO_SLOW,
        /** No room for it just now. */
        NO_ROOM,
        /** The connection broke, or what it sent is no body. */
        BROKEN
    }

    private final Why why;

    BodyRefusedException(Why why) {
        super(why.name(), null, false, false);
        this.why = why;
    }

    /** What to tell the sender. */
    public Why why() {
        return why;
    }
}
