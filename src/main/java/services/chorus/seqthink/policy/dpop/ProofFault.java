package services.chorus.seqthink.policy.dpop;

/** Why a proof is refused: {@code invalid_dpop_proof} to RFC 9449, in the order of its 4.3. */
public enum ProofFault {
    MISSING("The DPoP header is missing: a token that is bound to a key needs a proof of it"),
    SEVERAL("There is more than one DPoP header"),
    MALFORMED("The DPoP proof is no JWT with the members that it must have"),
    WRONG_TYPE("The DPoP proof's typ is not dpop+jwt"),
    ALGORITHM_NOT_ALLOWED("The DPoP proof is signed with an algorithm that is not allowed"),
    UNUSABLE_KEY("The DPoP proof's jwk is no public key for its alg"),
    OTHER_KEY("The DPoP proof is signed with another key than the access token is bound to"),
    BAD_SIGNATURE("The signature of the DPoP proof is wrong"),
    OTHER_METHOD("The DPoP proof's htm is another method"),
    OTHER_URL("The DPoP proof's htu is another URL"),
    OTHER_TOKEN("The DPoP proof's ath is not the hash of the access token"),
    STALE("The DPoP proof's iat is too far from this service's clock: make a new one"),
    OTHER_REQUEST("The DPoP proof's request_hash is not the hash of what was sent"),
    USED("The DPoP proof was used before: make a new one for each request");

    private final String description;

    ProofFault(String description) {
        this.description = description;
    }

    /** A fixed sentence for {@code error_description}; it carries nothing of the proof. */
    public String description() {
        return description;
    }

    /** Ends the reading of a proof that is refused for this reason. */
    Refusal refusal() {
        return new Refusal(this);
    }

    /** The refusal of a proof that is being read. */
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
