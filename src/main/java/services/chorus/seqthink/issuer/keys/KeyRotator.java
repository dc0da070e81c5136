package services.chorus.seqthink.issuer.keys;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import services.chorus.seqthink.issuer.store.StoreException;

/**
 * Maintains keys on a thread of its own, so that they change whether or not anyone asks for a
 * token.
 */
public final class KeyRotator implements AutoCloseable {

    /** How long from one look to the next. */
    public static final Duration USUAL_PACE = Duration.ofSeconds(10);

    private static final Logger LOG = Logger.getLogger(KeyRotator.class);

    private final SigningKeys keys;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("issuer-keys").factory());

    // of the one thread
    private Optional<String> trouble = Optional.empty();
    private Optional<String> heldBack = Optional.empty();

    private KeyRotator(SigningKeys keys) {
        this.keys = keys;
    }

    /**
     * Maintains the keys once, and from now on.
     *
     * @throws StoreException when they cannot be maintained the first time
     */
    public static KeyRotator start(SigningKeys keys, Duration pace) {
        keys.maintain();
        KeyRotator rotator = new KeyRotator(keys);
        rotator.thread.scheduleWithFixedDelay(
                rotator::maintain, pace.toNanos(), pace.toNanos(), TimeUnit.NANOSECONDS);
        return rotator;
    }

    /** Whatever goes wrong must not end all maintenance. */
    private void maintain() {
        Optional<String> before = trouble;
        try {
            keys.maintain();
            trouble = Optional.empty();
            warnOfWhatIsHeldBack();
        } catch (StoreException e) {
            trouble = Optional.of(e.getMessage());
        } catch (RuntimeException e) {
            trouble = Optional.of(e.getClass().getName());
        }
        if (!trouble.equals(before)) {
            trouble.ifPresentOrElse(
                    why -> LOG.errorf("The signing keys cannot be changed: %s", why),
                    () -> LOG.info("The signing keys can be changed again"));
        }
    }

    private void warnOfWhatIsHeldBack() {
        Optional<String> before = heldBack;
        heldBack = keys.heldBack();
        if (!heldBack.equals(before)) {
            heldBack.ifPresent(LOG::warn);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
