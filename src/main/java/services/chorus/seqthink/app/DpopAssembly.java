package services.chorus.seqthink.app;

import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import services.chorus.seqthink.policy.dpop.ProofGuard;
import services.chorus.seqthink.policy.dpop.ProofTime;
import services.chorus.seqthink.policy.dpop.ProofVerifier;
import services.chorus.seqthink.sealing.Freshness;
import services.chorus.seqthink.sealing.SealingConfig;
import services.chorus.seqthink.state.SharedState;

/** What judges DPoP proofs: by the same times and under the same quota as sealed requests. */
@Singleton
final class DpopAssembly {

    @Produces
    @Singleton
    ProofVerifier proofs(Freshness freshness) {
        return new ProofVerifier(
                new ProofTime(
                        freshness.window(),
                        freshness.ahead(),
                        freshness.since(),
                        freshness.clock()));
    }

    @Produces
    @Singleton
    ProofGuard proofGuard(SealingConfig config, SharedState state) {
        return new ProofGuard(state, config.replayWindow(), config.replayQuota());
    }
}
