package services.chorus.seqthink.issuer.store;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jboss.logging.Logger;
import services.chorus.seqthink.hash.Sha256;

/**
 * A stored document that follows its file. Changes by other processes are read within two seconds.
 * When the file is broken or missing, the last good document stays and the error is logged once.
 * Safe for use by several threads.
 */
public final class LiveDocument<T> {

    private static final Logger LOG = Logger.getLogger(LiveDocument.class);
    private static final Duration INTERVAL = Duration.ofSeconds(2);
    private static final byte[] NO_FILE = {};

    private final StoreFile<T> file;
    private final T empty;
    private final String what;
    private final InstantSource clock;
    private T document;
    private byte[] lastDigest = NO_FILE;
    private Instant lastRead = Instant.MIN;
    private Optional<String> lastError = Optional.empty();

    /**
     * Reads the file.
     *
     * @param empty the document while there is no file
     * @param what the document's content as a plural noun, for the log
     * @throws StoreException when the file cannot be used
     */
    public LiveDocument(StoreFile<T> file, T empty, String what, InstantSource clock) {
        this.file = file;
        this.empty = empty;
        this.what = what;
        this.clock = clock;
        this.document = empty;
        reload();
    }

    /** The document, at most two seconds old. */
    public synchronized T current() {
        if (isDue(clock.instant())) {
            Optional<String> error = Optional.empty();
            try {
                reload();
            } catch (StoreException e) {
                error = Optional.of(e.getMessage());
                if (!error.equals(lastError)) {
                    LOG.errorf("The last good %s stay in use: %s", what, e.getMessage());
                }
            }
            lastError = error;
        }
        return document;
    }

    /**
     * Changes the document in the file; writes nothing when {@code change} returns its argument.
     *
     * @throws StoreException when the file cannot be used
     */
    public void update(UnaryOperator<T> change) {
        file.update(current -> change.apply(current.orElse(empty)));
        reload();
    }

    /** Also true when the clock was set back, so that no change waits until it has caught up. */
    private boolean isDue(Instant now) {
        return now.isBefore(lastRead) || !now.isBefore(lastRead.plus(INTERVAL));
    }

    private synchronized void reload() {
        lastRead = clock.instant();
        Optional<byte[]> content = file.bytes();
        byte[] digest = content.map(Sha256.digest()::digest).orElse(NO_FILE);
        if (Arrays.equals(digest, lastDigest)) {
            return;
        }
        // set before parsing, so that a broken file is reported once
        lastDigest = digest;
        document = file.parse(content.orElseThrow(() -> StoreException.missing(file.path())));
    }
}
