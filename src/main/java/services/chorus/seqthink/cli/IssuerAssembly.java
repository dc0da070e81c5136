package services.chorus.seqthink.cli;

import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import services.chorus.seqthink.issuer.clients.AssertionMemory;
import services.chorus.seqthink.sealing.SealingConfig;
import services.chorus.seqthink.state.SharedState;
import services.chorus.seqthink.state.StateConfig;

/** What the token authority is handed by other rooms. */
@Singleton
final class IssuerAssembly {

    /** Names in the shared state are made under the identities: without them each has its own. */
    static boolean shares(StateConfig shared, SealingConfig sealing) {
        return shared.url().isPresent() && sealing.identities().isPresent();
    }

    @Produces
    @Singleton
    AssertionMemory assertions(StateConfig shared, SealingConfig sealing, SharedState state) {
        if (shares(shared, sealing)) {
            return AssertionMemory.lasting(state);
        }
        long started = ManagementFactory.getRuntimeMXBean().getStartTime();
        return AssertionMemory.from(Instant.ofEpochMilli(started), state);
    }
}
