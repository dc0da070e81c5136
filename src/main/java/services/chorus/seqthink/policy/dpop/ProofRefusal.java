package services.chorus.seqthink.policy.dpop;

/** Ends the reading of a proof that is refused. */
final class ProofRefusal extends Exception {

    private final ProofFault fault;

    ProofRefusal(ProofFault fault) {
        super(fault.description(), null, false, false);
        this.fault = fault;
    }

    ProofFault fault() {
        return fault;
    }
}
