package services.chorus.seqthink.policy;

import java.time.Duration;

/** The default {@link FetchPace} with a shorter tick and a manual clock. */
final class TestPace {

    private TestPace() {}

    static FetchPace quick(MutableClock clock) {
        return patient(clock, FetchPace.USUAL.patience());
    }

    static FetchPace patient(MutableClock clock, Duration patience) {
        return new FetchPace(patience, Duration.ofMillis(10), clock);
    }
}
