package services.chorus.seqthink.testing;

import io.quarkus.test.junit.callback.QuarkusTestBeforeClassCallback;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Makes every {@code await()} poll at once, soon again, and then ten times a second. Quarkus loads
 * tests with its own class loaders, hence the second interface.
 */
public final class QuickPolling implements LauncherSessionListener, QuarkusTestBeforeClassCallback {

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
