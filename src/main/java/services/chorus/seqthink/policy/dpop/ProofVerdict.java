package services.chorus.seqthink.policy.dpop;

/** What became of a proof. */
public sealed interface ProofVerdict {

    /** It is genuine, and for this request line and token. */
    record Accepted(Proof proof) implements ProofVerdict {}

    /** It is not: 401 {@code invalid_dpop_proof}. */
    record Refused(ProofFault fault) implements ProofVerdict {}
}
