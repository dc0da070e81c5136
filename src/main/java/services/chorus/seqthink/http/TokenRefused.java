package services.chorus.seqthink.http;

import services.chorus.seqthink.policy.Reason;

/** Carries the reason of a 401 through the security layer to the answer. */
final class TokenRefused extends RuntimeException {

    private final Reason reason;

    TokenRefused(Reason reason) {
        super(reason.name(), null, false, false);
        this.reason = reason;
    }

    Reason reason() {
        return reason;
    }
}
