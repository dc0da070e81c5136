package services.chorus.seqthink.sealing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
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
            assertThat(admit("a", "one")).isEqualTo(Passage.ADMITTED);
        }
    }

    @Test
    void refusesAnotherHistoryToTheCallerWhoHasItsMostAndToNobodyElse() {
        fill("greedy");

        assertThat(admit("greedy", "one more")).isEqualTo(Passage.TOO_MANY_HISTORIES);
        assertThat(admit("greedy", "0")).isEqualTo(Passage.ADMITTED);
        assertThat(admit("other", "one more")).isEqualTo(Passage.ADMITTED);
        assertThat(refusal(Passage.TOO_MANY_HISTORIES).status()).isEqualTo(403);
        assertThat(refusal(Passage.TOO_MANY_HISTORIES).code()).isEqualTo("too-many-histories");
    }

    @Test
    void countsAHistoryForADayFromItsBeginning() {
        fill("a");

        now.updateAndGet(then -> then.plus(HistoryQuota.LIFE).minusMillis(1));
        assertThat(admit("a", "0")).isEqualTo(Passage.ADMITTED);
        assertThat(admit("a", "one more")).isEqualTo(Passage.TOO_MANY_HISTORIES);

        now.updateAndGet(then -> then.plusMillis(1));
        assertThat(admit("a", "one more")).isEqualTo(Passage.ADMITTED);
    }

    @Test
    void letsNothingGoOnWhereNobodyCanTell() {
        WatchedState away = new WatchedState(state, true);
        away.fail("histories");

        Passage outcome = admit(new HistoryQuota(away), "a", "one");

        assertThat(outcome).isEqualTo(Passage.UNAVAILABLE);
        assertThat(refusal(outcome)).isEqualTo(refusal(Passage.UNAVAILABLE.refusal()));
    }

    private void fill(String caller) {
        for (int i = 0; i < HistoryQuota.MOST; i++) {
            assertThat(admit(caller, "" + i)).isEqualTo(Passage.ADMITTED);
        }
    }

    private Passage admit(String caller, String historyId) {
        return admit(new HistoryQuota(state), caller, historyId);
    }

    private static Passage admit(HistoryQuota quota, String caller, String historyId) {
        return quota.admit(caller, historyId).await().atMost(Duration.ofSeconds(5));
    }

    private static Refusal refusal(Passage outcome) {
        return refusal(outcome.refusal());
    }

    private static Refusal refusal(Optional<Refusal> refusal) {
        return refusal.orElseThrow();
    }
}
