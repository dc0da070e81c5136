package services.chorus.seqthink.policy;

import java.time.Duration;

/** The usual pace with a shorter tick, by a clock that a test moves itself. */
final class TestPace {

    private TestPace() {}

    static FetchPace quick(MutableClock clock) {
        return patient(clock, FetchPace.USUAL.patience());
    }

    static FetchPace patient(MutableClock clock, Duration patience) {
        return new FetchPace(patience, Duration.ofMillis(10), clock);
    }
}
