package services.chorus.seqthink.policy.limits;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import services.chorus.seqthink.policy.Caller;
import services.chorus.seqthink.policy.Caller.Kind;
import services.chorus.seqthink.state.SealedState;
import services.chorus.seqthink.testing.States;
import services.chorus.seqthink.testing.WatchedState;

/** Limits of several replicas together. */
class SharedLimitsTest {

    private static final int LIMIT = 60;
    private static final String USE = "rate/" + LIMIT;
    private static final Caller ONE = new Caller("https://issuer.example", Kind.SUBJECT, "one");
    private static final Caller OTHER = new Caller("https://issuer.example", Kind.SUBJECT, "two");

    private final ManualTime time = new ManualTime();
    private final AtomicInteger away = new AtomicInteger();
    @AutoClose private final SealedState sealed = States.inMemory(time);
    private final WatchedState state = new WatchedState(sealed, true);
    private final CallerLimits mine = replica(LIMIT, time);
    private final CallerLimits yours = replica(LIMIT, time);

    @Test
    void areShared() {
        assertThat(admitted(mine, 40)).isEqualTo(40);
        assertThat(take(yours).remaining()).isEqualTo(19);
        assertThat(admitted(yours, 40)).isEqualTo(19);

        Standing refused = take(mine);
        assertThat(refused)
                .isEqualTo(
                        new Standing(
                                false, LIMIT, 0, Duration.ofMinutes(1), Duration.ofSeconds(1)));
        assertThat(yours.take(OTHER).remaining()).isEqualTo(LIMIT - 1);
        assertThat(away).hasValue(0);
    }

    @Test
    void refillForAllReplicas() {
        assertThat(admitted(mine, LIMIT)).isEqualTo(LIMIT);
        for (int second = 0; second < 30; second++) {
            time.pass(Duration.ofSeconds(1));
            assertThat(admitted(mine, 3) + admitted(yours, 100)).isEqualTo(1);
        }
        time.pass(Duration.ofMinutes(5));
        assertThat(admitted(yours, 40) + admitted(mine, 40)).isEqualTo(LIMIT);
    }

    @Test
    void doNotPassAFloodToTheStore() {
        int toCreateTheBucket = 1;
        assertThat(admitted(mine, 1_000)).isEqualTo(LIMIT);
        assertThat(state.looks()).isEqualTo(LIMIT + toCreateTheBucket);

        assertThat(admitted(yours, 1_000)).isZero();
        assertThat(state.looks()).isEqualTo(2 * LIMIT + toCreateTheBucket);
    }

    @Test
    void areLocalWhileTheStoreIsUnavailableAndSharedAgainAfterwards() {
        assertThat(admitted(mine, 20)).isEqualTo(20);
        state.fail(USE);

        assertThat(admitted(mine, 50)).isEqualTo(40);
        assertThat(admitted(yours, 100)).isEqualTo(LIMIT);
        assertThat(away).hasValue(100);

        state.fail("nothing");
        time.pass(Duration.ofSeconds(5));
        assertThat(take(mine).remaining()).isEqualTo(LIMIT - 15 - 1);
        assertThat(away).hasValue(100);
    }

    @Test
    void areSeparateForReplicasWithDifferentRates() {
        CallerLimits smaller = replica(LIMIT / 2, time);

        assertThat(admitted(mine, 99)).isEqualTo(LIMIT);
        assertThat(admitted(smaller, 99)).isEqualTo(LIMIT / 2);
    }

    @Test
    void exceedTheRateOnceAtMostWhenClocksDiffer() {
        CallerLimits ahead = replica(LIMIT, time.ahead(Duration.ofSeconds(30)));
        assertThat(admitted(yours, LIMIT)).isEqualTo(LIMIT);

        assertThat(admitted(ahead, 100)).isEqualTo(30);
        assertThat(admitted(yours, 100) + admitted(ahead, 100)).isZero();

        for (int second = 0; second < 60; second++) {
            time.pass(Duration.ofSeconds(1));
            assertThat(admitted(ahead, 2) + admitted(yours, 2)).isEqualTo(1);
        }
    }

    @Test
    void refillLaterForAReplicaWhoseClockIsBehind() {
        CallerLimits ahead = replica(LIMIT, time.ahead(Duration.ofSeconds(10)));
        assertThat(admitted(ahead, LIMIT)).isEqualTo(LIMIT);

        time.pass(Duration.ofSeconds(10));
        assertThat(admitted(mine, 1)).isZero();
        time.pass(Duration.ofSeconds(5));
        assertThat(admitted(mine, 99)).isEqualTo(5);
    }

    private CallerLimits replica(int limit, TimeMeter clock) {
        return new CallerLimits(
                new LocalBuckets<>(limit, time),
                Optional.of(new SharedBuckets(limit, state, clock, away::incrementAndGet)));
    }

    private static Standing take(CallerLimits replica) {
        return replica.take(ONE);
    }

    /** How many of these consecutive requests are admitted. */
    private static int admitted(CallerLimits replica, int requests) {
        int admitted = 0;
        for (int i = 0; i < requests; i++) {
            if (take(replica).admitted()) {
                admitted++;
            }
        }
        return admitted;
    }
}
