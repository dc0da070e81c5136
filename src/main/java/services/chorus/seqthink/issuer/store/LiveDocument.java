package services.chorus.seqthink.issuer.store;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jboss.logging.Logger;
import services.chorus.seqthink.hash.Sha256;

/**
 * A stored document as it is now. A change of the file by another process is seen within two
 * seconds; a file that became broken, or went away, leaves the document as it was and says so in
 * the log. Safe for use by several threads.
 */
public final class LiveDocument<T> {

    private static final Logger LOG = Logger.getLogger(LiveDocument.class);
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(2);
    private static final byte[] NO_FILE = {};

    private final StoreFile<T> file;
    private final T empty;
    private final String what;
    private final InstantSource clock;
    private T document;
    private byte[] lastSeen = NO_FILE;
    private Instant lastLook = Instant.MIN;
    private Optional<String> complaint = Optional.empty();

    private LiveDocument(StoreFile<T> file, T empty, String what, InstantSource clock) {
        this.file = file;
        this.empty = empty;
        this.what = what;
        this.clock = clock;
        this.document = empty;
    }

    /**
     * Reads the file.
     *
     * @param empty what holds where there is no file yet
     * @param what the document's content, for the log
     * @throws StoreException when the file cannot be used as it is
     */
    public static <T> LiveDocument<T> open(
            StoreFile<T> file, T empty, String what, InstantSource clock) {
        var live = new LiveDocument<>(file, empty, what, clock);
        live.look();
        return live;
    }

    public synchronized T present() {
        if (isDue(clock.instant())) {
            try {
                look();
                complaint = Optional.empty();
            } catch (StoreException e) {
                complain(e.getMessage());
            }
        }
        return document;
    }

    /** Once, until the file can be read or something else is wrong with it. */
    private void complain(String why) {
        if (!complaint.equals(Optional.of(why))) {
            LOG.errorf("The %s stay as they were: %s", what, why);
        }
        complaint = Optional.of(why);
    }

    /**
     * Changes the document as it stands in the file; a change that gives back the very one writes
     * nothing.
     *
     * @throws StoreException when the file cannot be used as it is
     */
    public void update(UnaryOperator<T> change) {
        file.update(present -> change.apply(present.orElse(empty)));
        look();
    }

    public List<String> warnings() {
        return file.warnings();
    }

    /** Also when the clock went back: the next look is not to wait until it has caught up. */
    private boolean isDue(Instant now) {
        return now.isBefore(lastLook) || !now.isBefore(lastLook.plus(BETWEEN_LOOKS));
    }

    private synchronized void look() {
        lastLook = clock.instant();
        Optional<byte[]> content = file.bytes();
        byte[] digest = content.map(Sha256.digest()::digest).orElse(NO_FILE);
        if (Arrays.equals(digest, lastSeen)) {
            return;
        }
        // before it is parsed, so that a broken file is reported once
        lastSeen = digest;
        document = file.parse(content.orElseThrow(file::gone));
    }
}
