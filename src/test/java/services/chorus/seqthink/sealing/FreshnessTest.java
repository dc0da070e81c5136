package services.chorus.seqthink.sealing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FreshnessTest {

    private static final long NOW = 1_900_000_000;
    private static final Duration WINDOW = Duration.ofSeconds(60);

    private static Freshness since(double seconds) {
        Instant started = Instant.ofEpochMilli((long) (1_000 * seconds));
        return new Freshness(
                WINDOW, WINDOW, started, InstantSource.fixed(Instant.ofEpochSecond(NOW)));
    }

    @ParameterizedTest
    @ValueSource(longs = {-60, -1, 0, 1, 60})
    void acceptsARequestWithinTheWindow(long offset) {
        assertThat(since(0).refusal(NOW + offset)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE / 2, -61, 61, Long.MAX_VALUE / 2})
    void rejectsARequestOutsideTheWindow(long offset) {
        assertThat(since(0).refusal(NOW + offset)).map(Refusal::code).contains("stale-request");
    }

    @Test
    void rejectsARequestThatMayBeFromBeforeTheStart() {
        Freshness started = since(NOW - 10 + 0.3);

        assertThat(started.refusal(NOW - 11)).map(Refusal::code).contains("stale-request");
        assertThat(started.refusal(NOW - 10)).map(Refusal::code).contains("stale-request");
        assertThat(started.refusal(NOW - 9)).isEmpty();
    }

    @Test
    void beginsInTheSecondAfterTheStart() {
        assertThat(since(NOW - 0.1).begun()).isTrue();
        assertThat(since(NOW + 0.0).begun()).isFalse();
    }

    @Test
    void rejectsAReplayAfterARestart() {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.ofEpochSecond(NOW));
        Freshness before = Freshness.from(Instant.ofEpochSecond(NOW - 100), WINDOW, now::get);
        Freshness after = Freshness.from(Instant.ofEpochSecond(NOW), WINDOW, now::get);
        List<Long> taken =
                LongStream.rangeClosed(NOW - 60, NOW + 60)
                        .filter(issuedAt -> before.refusal(issuedAt).isEmpty())
                        .boxed()
                        .toList();
        assertThat(taken).contains(NOW, NOW + 1);

        for (int second = 0; second < 120; second++) {
            now.set(Instant.ofEpochSecond(NOW + second));
            assertThat(taken).noneMatch(issuedAt -> after.refusal(issuedAt).isEmpty());
        }
    }
}
