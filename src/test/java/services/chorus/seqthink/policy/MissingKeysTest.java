package services.chorus.seqthink.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Cache;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MissingKeysTest {

    private final MutableClock clock = new MutableClock();
    private final Cache<Optional<String>, Boolean> missing = WaitingCallers.missingKeys(clock);

    private boolean isMissing(String keyId) {
        return missing.getIfPresent(Optional.of(keyId)) != null;
    }

    @Test
    void areForgottenAfterFiveSeconds() {
        missing.put(Optional.of("a"), true);
        clock.advance(Duration.ofMillis(4999));
        assertThat(isMissing("a")).isTrue();
        assertThat(isMissing("b")).isFalse();

        clock.advance(Duration.ofMillis(1));
        assertThat(isMissing("a")).isFalse();
    }

    @Test
    void areBoundedInNumber() {
        IntStream.rangeClosed(1, 1025).forEach(i -> missing.put(Optional.of("kid-" + i), true));

        missing.cleanUp();

        assertThat(missing.estimatedSize()).isEqualTo(1024);
    }
}
