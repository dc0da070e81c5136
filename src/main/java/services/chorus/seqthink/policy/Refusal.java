package services.chorus.seqthink.policy;

/** Ends the reading of a token that is refused. */
final class Refusal extends Exception {

    private final Reason reason;

    Refusal(Reason reason) {
        super(reason.description(), null, false, false);
        this.reason = reason;
    }

    Reason reason() {
        return reason;
    }
}
