package services.chorus.seqthink.sealing;

import static org.assertj.core.api.Assertions.assertThat;
import static services.chorus.seqthink.state.Admission.ADMITTED;
import static services.chorus.seqthink.state.Admission.FULL;
import static services.chorus.seqthink.state.Admission.KNOWN;
import static services.chorus.seqthink.state.Admission.UNAVAILABLE;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import services.chorus.seqthink.protocol.Binding;
import services.chorus.seqthink.state.Admission;
import services.chorus.seqthink.state.SharedState;
import services.chorus.seqthink.testing.States;
import services.chorus.seqthink.testing.WatchedState;

class ReplayGuardTest {

    private static final Duration WINDOW = Duration.ofSeconds(60);
    private static final int QUOTA = 3;

    private final AtomicReference<Instant> now =
            new AtomicReference<>(Instant.ofEpochSecond(1_900_000_000));
    private final SharedState state = States.inMemory(now::get);
    private final ReplayGuard guard = new ReplayGuard(state, WINDOW, QUOTA);

    private Admission admit(String caller, String requestId) {
        return guard.admit(caller, new Binding(requestId, "hash"));
    }

    @Test
    void admitsARequestOnce() {
        assertThat(admit("a", "first")).isEqualTo(ADMITTED);
        assertThat(admit("a", "first")).isEqualTo(KNOWN);
        assertThat(admit("a", "second")).isEqualTo(ADMITTED);
        assertThat(admit("b", "first")).isEqualTo(ADMITTED);
    }

    @Test
    void remembersAnIdForTwiceTheWindow() {
        admit("a", "first");

        now.updateAndGet(then -> then.plus(WINDOW.multipliedBy(2)).minusMillis(1));
        assertThat(admit("a", "first")).isEqualTo(KNOWN);

        now.updateAndGet(then -> then.plusMillis(1));
        assertThat(admit("a", "first")).isEqualTo(ADMITTED);
    }

    @Test
    void limitsEachCallerSeparately() {
        for (int i = 0; i < QUOTA; i++) {
            assertThat(admit("flooder", "id" + i)).isEqualTo(ADMITTED);
        }
        assertThat(admit("flooder", "one more")).isEqualTo(FULL);
        assertThat(admit("flooder", "id0")).isEqualTo(KNOWN);
        assertThat(admit("other", "one more")).isEqualTo(ADMITTED);

        now.updateAndGet(then -> then.plus(WINDOW.multipliedBy(2)));
        assertThat(admit("flooder", "one more")).isEqualTo(ADMITTED);
    }

    @Test
    void admitsNothingAndIsNotReadyWhenTheStateIsUnavailable() {
        WatchedState away = new WatchedState(state, true);
        ReplayGuard guard = new ReplayGuard(away, WINDOW, QUOTA);
        assertThat(guard.ready()).isTrue();

        away.fail("replay");
        assertThat(guard.admit("a", new Binding("first", "hash"))).isEqualTo(UNAVAILABLE);

        away.fail("readiness");
        assertThat(guard.ready()).isFalse();
    }

    @Test
    void keepsTheCodesOfItsRefusals() {
        assertThat(Refusal.replayed().code()).isEqualTo("replayed");
        assertThat(Refusal.tooManyRequests().code()).isEqualTo("replay-guard-full");
    }
}
