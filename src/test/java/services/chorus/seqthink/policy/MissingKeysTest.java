package services.chorus.seqthink.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import services.chorus.seqthink.policy.WaitingCallers.MissingKeys;

class MissingKeysTest {

    private final MutableClock clock = new MutableClock();
    private final MissingKeys missing = new MissingKeys(Duration.ofSeconds(5));

    private boolean isMissing(String keyId) {
        return missing.contains(Optional.of(keyId), clock.instant());
    }

    @Test
    void forgetsWithinSeconds() {
        missing.add(Optional.of("a"), clock.instant());
        clock.advance(Duration.ofMillis(4999));
        assertThat(isMissing("a")).isTrue();
        assertThat(isMissing("b")).isFalse();

        clock.advance(Duration.ofMillis(1));
        assertThat(isMissing("a")).isFalse();
    }

    @Test
    void keepsABoundedNumber() {
        IntStream.rangeClosed(1, 1025)
                .forEach(i -> missing.add(Optional.of("kid-" + i), clock.instant()));

        assertThat(isMissing("kid-1")).isFalse();
        assertThat(isMissing("kid-2")).isTrue();
        assertThat(isMissing("kid-1025")).isTrue();
    }
}
