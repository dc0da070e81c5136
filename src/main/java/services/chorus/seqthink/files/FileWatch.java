package services.chorus.seqthink.files;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Polls files and reports each change once, when two snapshots in a row are equal: before that, a
 * file may be half written. Does not use file events, which miss how Kubernetes swaps the files of
 * a volume.
 */
public final class FileWatch {

    /** The interval that makes a change effective within five seconds. */
    public static final Duration USUAL_PACE = Duration.ofSeconds(2);

    private static final Logger LOG = Logger.getLogger(FileWatch.class);

    private final List<Path> files;
    private final Consumer<FileSnapshot> changed;

    // confined to the polling thread
    private String reported;
    private String last;

    private FileWatch(List<Path> files, FileSnapshot known, Consumer<FileSnapshot> changed) {
        this.files = List.copyOf(files);
        this.changed = changed;
        this.reported = known.mark();
        this.last = reported;
    }

    /**
     * Starts polling.
     *
     * @param thread reads the files; shutting it down ends the watch
     * @param known a snapshot of the same files, which is not reported
     * @param changed called by the thread; the snapshot is closed when it returns
     */
    public static void start(
            ScheduledExecutorService thread,
            Duration pace,
            List<Path> files,
            FileSnapshot known,
            Consumer<FileSnapshot> changed) {
        FileWatch watch = new FileWatch(files, known, changed);
        long nanos = pace.toNanos();
        thread.scheduleWithFixedDelay(watch::poll, nanos, nanos, TimeUnit.NANOSECONDS);
    }

    private void poll() {
        try (FileSnapshot found = FileSnapshot.of(files)) {
            String mark = found.mark();
            if (mark.equals(last) && !mark.equals(reported)) {
                reported = mark;
                changed.accept(found);
            }
            last = mark;
        } catch (RuntimeException e) {
            // an exception would end the polling
            LOG.errorf("A changed file could not be processed: %s", e.getClass().getName());
        }
    }
}
