package services.chorus.seqthink.policy.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import services.chorus.seqthink.policy.Caller;
import services.chorus.seqthink.policy.Caller.Kind;

/** Limits of one replica. */
class CallerLimitsTest {

    private static final Caller ONE = new Caller("https://issuer.example", Kind.SUBJECT, "one");
    private static final Caller OTHER = new Caller("https://issuer.example", Kind.CLIENT, "one");

    private final ManualTime time = new ManualTime();
    private final CallerLimits limits =
            new CallerLimits(new LocalBuckets<>(6, time), Optional.empty());

    @Test
    void admitsTheConfiguredNumber() {
        for (int left = 5; left >= 0; left--) {
            Standing standing = take(ONE);
            assertThat(standing.admitted()).isTrue();
            assertThat(standing.limit()).isEqualTo(6);
            assertThat(standing.remaining()).isEqualTo(left);
            assertThat(standing.untilNext()).isZero();
            assertThat(standing.untilFull()).isEqualTo(Duration.ofSeconds(60 - left * 10));
        }

        assertThat(take(ONE))
                .isEqualTo(
                        new Standing(false, 6, 0, Duration.ofMinutes(1), Duration.ofSeconds(10)));
    }

    @Test
    void refillsEvenlyOverTheMinute() {
        admit(ONE, 6);
        for (int round = 0; round < 3; round++) {
            time.pass(Duration.ofMillis(9_999));
            assertThat(take(ONE).untilNext()).isEqualTo(Duration.ofMillis(1));
            time.pass(Duration.ofMillis(1));
            admit(ONE, 1);
        }
        time.pass(Duration.ofDays(1));
        admit(ONE, 6);
        assertThat(take(ONE).admitted()).isFalse();
    }

    @Test
    void roundsSecondsUp() {
        Standing standing = new Standing(false, 6, 0, Duration.ofSeconds(50), Duration.ofNanos(1));

        assertThat(standing.secondsUntilFull()).isEqualTo(50);
        assertThat(standing.secondsUntilNext()).isEqualTo(1);
    }

    @Test
    void countsEachCallerSeparately() {
        admit(ONE, 6);
        assertThat(take(ONE).admitted()).isFalse();

        admit(OTHER, 6);
        assertThat(take(OTHER).admitted()).isFalse();
    }

    private void admit(Caller caller, int times) {
        for (int i = 0; i < times; i++) {
            assertThat(take(caller).admitted()).isTrue();
        }
    }

    private Standing take(Caller caller) {
        return limits.take(caller);
    }
}
