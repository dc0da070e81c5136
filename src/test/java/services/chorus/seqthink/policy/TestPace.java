package services.chorus.seqthink.policy;

import java.time.Duration;

/** The usual pace, looked at more often; a test moves the clock itself. */
final class TestPace {

    static final FetchPace QUICK = patient(FetchPace.USUAL.patience());

    private TestPace() {}

    static FetchPace patient(Duration patience) {
        FetchPace usual = FetchPace.USUAL;
        return new FetchPace(
                patience,
                usual.burst(),
                usual.interval(),
                usual.missingFor(),
                usual.retry(),
                Duration.ofMillis(10));
    }
}
