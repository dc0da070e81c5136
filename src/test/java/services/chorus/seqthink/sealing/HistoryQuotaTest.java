package services.chorus.seqthink.sealing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import services.chorus.seqthink.sealing.HistoryQuota.Outcome;
import services.chorus.seqthink.state.SharedState;
import services.chorus.seqthink.testing.States;
import services.chorus.seqthink.testing.WatchedState;

class HistoryQuotaTest {

    private final AtomicReference<Instant> now =
            new AtomicReference<>(Instant.parse("2030-01-01T00:00:00Z"));
    private final SharedState state = States.inMemory(now::get);

    @Test
    void letsAHistoryBeAddedToAsOftenAsItsCallerLikes() {
        for (int call = 0; call < 2 * HistoryQuota.MOST; call++) {
            assertThat(admit("a", "one")).isEqualTo(Outcome.ADMITTED);
        }
    }

    @Test
    void refusesAnotherHistoryToTheCallerWhoHasItsMostAndToNobodyElse() {
        fill("greedy");

        assertThat(admit("greedy", "one more")).isEqualTo(Outcome.FULL);
        assertThat(admit("greedy", "0")).isEqualTo(Outcome.ADMITTED);
        assertThat(admit("other", "one more")).isEqualTo(Outcome.ADMITTED);
        assertThat(refusal(Outcome.FULL).status()).isEqualTo(403);
        assertThat(refusal(Outcome.FULL).code()).isEqualTo("too-many-histories");
    }

    @Test
    void countsAHistoryForADayFromItsBeginning() {
        fill("a");

        now.updateAndGet(then -> then.plus(HistoryQuota.LIFE).minusMillis(1));
        assertThat(admit("a", "0")).isEqualTo(Outcome.ADMITTED);
        assertThat(admit("a", "one more")).isEqualTo(Outcome.FULL);

        now.updateAndGet(then -> then.plusMillis(1));
        assertThat(admit("a", "one more")).isEqualTo(Outcome.ADMITTED);
    }

    @Test
    void letsNothingGoOnWhereNobodyCanTell() {
        WatchedState away = new WatchedState(state, true);
        away.fail("histories");

        Outcome outcome = admit(new HistoryQuota(away), "a", "one");

        assertThat(outcome).isEqualTo(Outcome.UNAVAILABLE);
        assertThat(refusal(outcome)).isEqualTo(refusal(ReplayGuard.Outcome.UNAVAILABLE.refusal()));
    }

    private void fill(String caller) {
        for (int i = 0; i < HistoryQuota.MOST; i++) {
            assertThat(admit(caller, "" + i)).isEqualTo(Outcome.ADMITTED);
        }
    }

    private Outcome admit(String caller, String historyId) {
        return admit(new HistoryQuota(state), caller, historyId);
    }

    private static Outcome admit(HistoryQuota quota, String caller, String historyId) {
        return quota.admit(caller, historyId).await().atMost(Duration.ofSeconds(5));
    }

    private static Refusal refusal(Outcome outcome) {
        return refusal(outcome.refusal());
    }

    private static Refusal refusal(Optional<Refusal> refusal) {
        return refusal.orElseThrow();
    }
}
