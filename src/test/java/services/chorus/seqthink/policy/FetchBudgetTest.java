package services.chorus.seqthink.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bucket4j.Bucket;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FetchBudgetTest {

    private final MutableClock clock = new MutableClock();
    private final Bucket budget = TestPace.quick(clock).budget();

    private long taken(int asked) {
        return IntStream.range(0, asked).filter(i -> budget.tryConsume(1)).count();
    }

    @Test
    void allowsABurstAndThenOneInEachInterval() {
        assertThat(taken(10)).isEqualTo(3);

        clock.advance(Duration.ofMillis(3999));
        assertThat(taken(10)).isZero();

        clock.advance(Duration.ofMillis(1));
        assertThat(taken(10)).isEqualTo(1);
    }

    @Test
    void fillsUpToTheBurstAndNoFurther() {
        taken(3);
        clock.advance(Duration.ofHours(1));

        assertThat(taken(10)).isEqualTo(3);
    }

    @Test
    void refillsByMonotonicTime() {
        assertThat(FetchPace.USUAL.meter().isWallClockBased()).isFalse();
    }
}
