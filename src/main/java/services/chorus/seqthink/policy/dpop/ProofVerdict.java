package services.chorus.seqthink.policy.dpop;

/** The result of verifying a proof. */
public sealed interface ProofVerdict {

    /** Genuine, and for this method, URL and token. */
    record Accepted(Proof proof) implements ProofVerdict {}

    /** Rejected: 401 {@code invalid_dpop_proof}. */
    record Refused(ProofFault fault) implements ProofVerdict {}
}
