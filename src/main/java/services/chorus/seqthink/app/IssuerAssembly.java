package services.chorus.seqthink.app;

import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import services.chorus.seqthink.issuer.clients.AssertionMemory;
import services.chorus.seqthink.sealing.SealingConfig;
import services.chorus.seqthink.state.SharedState;
import services.chorus.seqthink.state.StateConfig;

/** What the token authority is handed by other rooms. */
@Singleton
final class IssuerAssembly {

    @Produces
    @Singleton
    AssertionMemory assertions(StateConfig shared, SealingConfig sealing, SharedState state) {
        return MemoryOfUses.begin(shared, sealing)
                .map(begin -> AssertionMemory.from(begin, state))
                .orElseGet(() -> AssertionMemory.lasting(state));
    }
}
