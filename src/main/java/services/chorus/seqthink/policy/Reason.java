package services.chorus.seqthink.policy;

/** Why a token is rejected: {@code invalid_token} in RFC 6750. */
public enum Reason {
    MALFORMED("The access token is malformed"),
    UNSUPPORTED_TOKEN("The access token is of an unsupported type"),
    ALGORITHM_NOT_ALLOWED("The access token is signed with an algorithm that is not allowed"),
    WRONG_ISSUER("The access token comes from an issuer that is not trusted here"),
    WRONG_AUDIENCE("The access token is meant for another audience"),
    NO_EXPIRY("The access token has no expiry"),
    EXPIRED("The access token expired"),
    REVOKED("The access token was revoked"),
    INACTIVE("The access token is not active"),
    NOT_YET_VALID("The access token is not yet valid"),
    NO_CALLER("The access token names no caller"),
    UNKNOWN_KEY("The access token is signed with an unknown key"),
    BAD_SIGNATURE("The signature of the access token is wrong"),
    UNKNOWN_CONFIRMATION("The access token is bound to its sender by an unsupported method"),
    NEEDS_PROOF(
            "The access token is bound to a key: send it with the scheme DPoP and a DPoP proof"),
    NOT_BOUND("The access token is not bound to a key (cnf.jkt), which this service requires");

    private final String description;

    Reason(String description) {
        this.description = description;
    }

    /** A fixed sentence for {@code error_description}, without any part of the token. */
    public String description() {
        return description;
    }

    Refusal refusal() {
        return new Refusal(this);
    }

    /** Ends the verification of a token. */
    static final class Refusal extends Exception {

        private final Reason reason;

        private Refusal(Reason reason) {
            super(reason.description(), null, false, false);
            this.reason = reason;
        }

        Reason reason() {
            return reason;
        }
    }
}
