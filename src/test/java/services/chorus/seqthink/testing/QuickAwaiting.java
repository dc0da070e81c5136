package services.chorus.seqthink.testing;

import io.quarkus.test.junit.callback.QuarkusTestBeforeClassCallback;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Has every {@code await()} look at once, soon again, and then every tenth of a second. Quarkus
 * loads tests by class loaders of its own, hence the second way in.
 */
public final class QuickAwaiting
        implements LauncherSessionListener, QuarkusTestBeforeClassCallback {

    private static final Duration STEP = Duration.ofMillis(10);
    private static final int LONGEST_IN_STEPS = 10;

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        begin();
    }

    @Override
    public void beforeClass(Class<?> testClass) {
        begin();
    }

    private static void begin() {
        Awaitility.setDefaultPollInterval(
                (polls, last) -> STEP.multipliedBy(Math.min(polls, LONGEST_IN_STEPS)));
    }
}
