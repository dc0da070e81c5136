package services.chorus.seqthink.app;

import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.Optional;
import services.chorus.seqthink.sealing.SealingConfig;
import services.chorus.seqthink.state.StateConfig;

/** How far back is known what was used: request ids, proofs, assertions. */
final class MemoryOfUses {

    private MemoryOfUses() {}

    /**
     * When it began, which is with this process; empty where it is shared and outlives us. Names in
     * the shared state are made under the identities: without them each process has its own.
     */
    static Optional<Instant> begin(StateConfig shared, SealingConfig sealing) {
        return shared.url().isPresent() && sealing.identities().isPresent()
                ? Optional.empty()
                : Optional.of(
                        Instant.ofEpochMilli(ManagementFactory.getRuntimeMXBean().getStartTime()));
    }
}
