package services.chorus.seqthink.policy.dpop;

/** Why a proof is rejected: {@code invalid_dpop_proof}, in the order of RFC 9449 section 4.3. */
public enum ProofFault {
    MISSING(
            "The DPoP header is missing: the access token is bound to a key and needs a proof of it"),
    SEVERAL("The request has more than one DPoP header"),
    MALFORMED("The DPoP proof is malformed or lacks a mandatory member"),
    WRONG_TYPE("The DPoP proof's typ is not dpop+jwt"),
    ALGORITHM_NOT_ALLOWED("The DPoP proof is signed with an algorithm that is not allowed"),
    UNUSABLE_KEY("The DPoP proof's jwk is not a public key for its alg"),
    OTHER_KEY("The DPoP proof is signed with a different key than the access token is bound to"),
    BAD_SIGNATURE("The signature of the DPoP proof is wrong"),
    OTHER_METHOD("The DPoP proof's htm is not the method of the request"),
    OTHER_URL("The DPoP proof's htu is not the URL of the request"),
    OTHER_TOKEN("The DPoP proof's ath is not the hash of the access token"),
    STALE("The DPoP proof's iat is too far from this service's clock: create a new proof"),
    OTHER_REQUEST("The DPoP proof's request_hash is not the hash of the request body"),
    USED("The DPoP proof was used before: create a new one for each request");

    private final String description;

    ProofFault(String description) {
        this.description = description;
    }

    /** A fixed sentence for {@code error_description}, without any part of the proof. */
    public String description() {
        return description;
    }

    Refusal refusal() {
        return new Refusal(this);
    }

    /** Ends the verification of a proof. */
    static final class Refusal extends Exception {

        private final ProofFault fault;

        private Refusal(ProofFault fault) {
            super(fault.description(), null, false, false);
            this.fault = fault;
        }

        ProofFault fault() {
            return fault;
        }
    }
}
