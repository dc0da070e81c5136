package services.chorus.seqthink.sealing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import services.chorus.seqthink.state.Admission;
import services.chorus.seqthink.state.SharedState;
import services.chorus.seqthink.testing.States;
import services.chorus.seqthink.testing.WatchedState;

class HistoryQuotaTest {

    private final AtomicReference<Instant> now =
            new AtomicReference<>(Instant.parse("2030-01-01T00:00:00Z"));
    private final SharedState state = States.inMemory(now::get);

    @Test
    void admitsAnyNumberOfCallsToOneHistory() {
        for (int call = 0; call < 2 * HistoryQuota.MOST; call++) {
            assertThat(admit("a", "one")).isEqualTo(Admission.ADMITTED);
        }
    }

    @Test
    void limitsTheHistoriesOfEachCallerSeparately() {
        fill("greedy");

        assertThat(admit("greedy", "one more")).isEqualTo(Admission.FULL);
        assertThat(admit("greedy", "0")).isEqualTo(Admission.ADMITTED);
        assertThat(admit("other", "one more")).isEqualTo(Admission.ADMITTED);
        assertThat(Refusal.tooManyHistories().status()).isEqualTo(403);
        assertThat(Refusal.tooManyHistories().code()).isEqualTo("too-many-histories");
    }

    @Test
    void countsAHistoryForADayAfterItsBeginning() {
        fill("a");

        now.updateAndGet(then -> then.plus(HistoryQuota.LIFE).minusMillis(1));
        assertThat(admit("a", "0")).isEqualTo(Admission.ADMITTED);
        assertThat(admit("a", "one more")).isEqualTo(Admission.FULL);

        now.updateAndGet(then -> then.plusMillis(1));
        assertThat(admit("a", "one more")).isEqualTo(Admission.ADMITTED);
    }

    @Test
    void admitsNothingWhenTheStateIsUnavailable() {
        WatchedState away = new WatchedState(state, true);
        away.fail("histories");

        assertThat(new HistoryQuota(away).admit("a", "one")).isEqualTo(Admission.UNAVAILABLE);
    }

    private void fill(String caller) {
        for (int i = 0; i < HistoryQuota.MOST; i++) {
            assertThat(admit(caller, "" + i)).isEqualTo(Admission.ADMITTED);
        }
    }

    private Admission admit(String caller, String historyId) {
        return new HistoryQuota(state).admit(caller, historyId);
    }
}
