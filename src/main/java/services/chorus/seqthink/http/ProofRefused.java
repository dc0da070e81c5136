package services.chorus.seqthink.http;

import services.chorus.seqthink.policy.dpop.ProofFault;

/** Carries the reason why a DPoP proof is refused to the answer. */
final class ProofRefused extends RuntimeException {

    private final ProofFault fault;

    ProofRefused(ProofFault fault) {
        super(fault.name(), null, false, false);
        this.fault = fault;
    }

    ProofFault fault() {
        return fault;
    }
}
