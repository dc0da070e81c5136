package services.chorus.seqthink.files;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Reads files every so often, and reports each change once. A change counts once two snapshots are
 * the same: whoever writes a file in place may be half way. File events are not relied on, since
 * they miss how Kubernetes swaps the files of a volume.
 */
public final class FileWatch {

    /** How long from one look to the next, for a change to be live within five seconds. */
    public static final Duration USUAL_PACE = Duration.ofSeconds(2);

    private static final Logger LOG = Logger.getLogger(FileWatch.class);

    private final List<Path> files;
    private final Consumer<FileSnapshot> changed;

    // of the one thread that looks
    private String reported;
    private String last;

    private FileWatch(List<Path> files, FileSnapshot known, Consumer<FileSnapshot> changed) {
        this.files = List.copyOf(files);
        this.changed = changed;
        this.reported = known.mark();
        this.last = reported;
    }

    /**
     * Watches from now on.
     *
     * @param thread where files are read; ending it ends the watch
     * @param known of the same files; what need not be reported
     * @param changed called with each change by the thread; the snapshot is closed when it returns
     */
    public static void start(
            ScheduledExecutorService thread,
            Duration pace,
            List<Path> files,
            FileSnapshot known,
            Consumer<FileSnapshot> changed) {
        FileWatch watch = new FileWatch(files, known, changed);
        long nanos = pace.toNanos();
        thread.scheduleWithFixedDelay(watch::look, nanos, nanos, TimeUnit.NANOSECONDS);
    }

    private void look() {
        try (FileSnapshot found = FileSnapshot.of(files)) {
            String mark = found.mark();
            if (mark.equals(last) && !mark.equals(reported)) {
                reported = mark;
                changed.accept(found);
            }
            last = mark;
        } catch (RuntimeException e) {
            // must not end all looking
            LOG.errorf("Files cannot be followed: %s", e.getClass().getName());
        }
    }
}
