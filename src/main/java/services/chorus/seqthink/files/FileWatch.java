package services.chorus.seqthink.files;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Looks at files every so often, and tells of each change once. A change counts once two looks
 * found the same: whoever writes a file in place may be half way. File events are not relied on,
 * since they miss how Kubernetes swaps the files of a volume.
 *
 * @param <S> what the files look like
 */
public final class FileWatch<S extends Sighting> {

    /** How long from one look to the next, for a change to be live within five seconds. */
    public static final Duration USUAL_PACE = Duration.ofSeconds(2);

    private static final Logger LOG = Logger.getLogger(FileWatch.class);

    private final Supplier<S> eye;
    private final Consumer<S> changed;

    // of the one thread that looks
    private String told;
    private String lastSeen;

    private FileWatch(Supplier<S> eye, String known, Consumer<S> changed) {
        this.eye = eye;
        this.changed = changed;
        this.told = known;
        this.lastSeen = known;
    }

    /**
     * Looks from now on.
     *
     * @param thread where looks happen; ending it ends them
     * @param eye looks at the files
     * @param known the mark of what need not be told
     * @param changed told of a change by the thread; the sighting is closed when it returns
     */
    public static <S extends Sighting> void start(
            ScheduledExecutorService thread,
            Duration pace,
            Supplier<S> eye,
            String known,
            Consumer<S> changed) {
        FileWatch<S> watch = new FileWatch<>(eye, known, changed);
        long nanos = pace.toNanos();
        thread.scheduleWithFixedDelay(watch::look, nanos, nanos, TimeUnit.NANOSECONDS);
    }

    private void look() {
        try (S found = eye.get()) {
            String mark = found.mark();
            if (mark.equals(lastSeen) && !mark.equals(told)) {
                told = mark;
                changed.accept(found);
            }
            lastSeen = mark;
        } catch (RuntimeException e) {
            // must not end all looking
            LOG.errorf("Files cannot be followed: %s", e.getClass().getName());
        }
    }
}
