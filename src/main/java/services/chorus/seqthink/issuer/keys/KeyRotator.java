package services.chorus.seqthink.issuer.keys;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import services.chorus.seqthink.issuer.store.StoreException;

/** Maintains keys on a thread of its own, so that they rotate even when nobody requests a token. */
public final class KeyRotator implements AutoCloseable {

    public static final Duration INTERVAL = Duration.ofSeconds(10);

    private static final Logger LOG = Logger.getLogger(KeyRotator.class);

    private final SigningKeys keys;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("issuer-keys").factory());

    // used by that thread only
    private Optional<String> lastError = Optional.empty();
    private Optional<String> lastWarning = Optional.empty();

    private KeyRotator(SigningKeys keys) {
        this.keys = keys;
    }

    /**
     * Maintains the keys now and then once in every interval.
     *
     * @throws StoreException when they cannot be maintained the first time
     */
    public static KeyRotator start(SigningKeys keys, Duration interval) {
        keys.maintain();
        KeyRotator rotator = new KeyRotator(keys);
        rotator.thread.scheduleWithFixedDelay(
                rotator::maintain, interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
        return rotator;
    }

    private void maintain() {
        Optional<String> error = Optional.empty();
        try {
            keys.maintain();
            Optional<String> warning = keys.algorithmMismatch();
            if (!warning.equals(lastWarning)) {
                warning.ifPresent(LOG::warn);
            }
            lastWarning = warning;
        } catch (StoreException e) {
            error = Optional.of(e.getMessage());
        } catch (RuntimeException e) {
            // an exception that escaped would end the schedule
            error = Optional.of(e.getClass().getName());
        }
        if (!error.equals(lastError)) {
            error.ifPresentOrElse(
                    why -> LOG.errorf("The signing keys cannot be changed: %s", why),
                    () -> LOG.info("The signing keys can be changed again"));
        }
        lastError = error;
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
