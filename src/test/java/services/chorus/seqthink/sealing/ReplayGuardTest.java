package services.chorus.seqthink.sealing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import services.chorus.seqthink.protocol.Binding;
import services.chorus.seqthink.state.SharedState;
import services.chorus.seqthink.testing.States;

class ReplayGuardTest {

    private static final Duration WINDOW = Duration.ofSeconds(60);
    private static final int QUOTA = 3;

    private final AtomicReference<Instant> now =
            new AtomicReference<>(Instant.ofEpochSecond(1_900_000_000));
    private final SharedState state = States.inMemory(now::get);
    private final ReplayGuard guard = new ReplayGuard(state, WINDOW, QUOTA);

    private Optional<String> admit(String caller, String requestId) {
        return guard.admit(caller, new Binding(requestId, "hash"))
                .await()
                .atMost(Duration.ofSeconds(5))
                .refusal()
                .map(Refusal::code);
    }

    @Test
    void admitsARequestOnce() {
        assertThat(admit("a", "first")).isEmpty();
        assertThat(admit("a", "first")).contains("replayed");
        assertThat(admit("a", "second")).isEmpty();
        assertThat(admit("b", "first")).isEmpty();
    }

    @Test
    void remembersForAsLongAsAClockMayBeOffEitherWay() {
        admit("a", "first");

        now.updateAndGet(then -> then.plus(WINDOW.multipliedBy(2)).minusMillis(1));
        assertThat(admit("a", "first")).contains("replayed");

        now.updateAndGet(then -> then.plusMillis(1));
        assertThat(admit("a", "first")).isEmpty();
    }

    @Test
    void refusesTheCallerWhoFillsItsQuotaAndNobodyElse() {
        for (int i = 0; i < QUOTA; i++) {
            assertThat(admit("flooder", "id" + i)).isEmpty();
        }
        assertThat(admit("flooder", "one more")).contains("replay-guard-full");
        assertThat(admit("flooder", "id0")).contains("replayed");
        assertThat(admit("other", "one more")).isEmpty();

        now.updateAndGet(then -> then.plus(WINDOW.multipliedBy(2)));
        assertThat(admit("flooder", "one more")).isEmpty();
    }
}
