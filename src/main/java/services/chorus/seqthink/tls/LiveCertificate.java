package services.chorus.seqthink.tls;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jboss.logging.Logger;
import services.chorus.seqthink.files.FileMode;
import services.chorus.seqthink.files.FileWatch;

/**
 * The certificate on disk as it is now. A changed pair is presented to whoever connects from then
 * on, within five seconds; one that cannot be used leaves the pair of before, is named in the log
 * once, and makes {@link #broken} true. Safe for use by several threads.
 */
public final class LiveCertificate implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(LiveCertificate.class);

    private final PairFiles files;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("certificate").factory());
    private final PresentedCertificate presented;
    private volatile boolean broken;

    private LiveCertificate(PairFiles files, Duration pace) throws UnusablePairException {
        this.files = files;
        try (PairFiles.Found found = files.look()) {
            presented = new PresentedCertificate(found.pair());
            FileWatch.start(thread, pace, files::look, found.mark(), this::take);
        }
    }

    /**
     * Reads both files, and follows them until closed.
     *
     * @throws IOException when they cannot be used; the message names the variable and never the
     *     content
     */
    public static LiveCertificate open(Path certificate, Path key) throws IOException {
        return open(certificate, key, FileWatch.USUAL_PACE);
    }

    static LiveCertificate open(Path certificate, Path key, Duration pace) throws IOException {
        try {
            return new LiveCertificate(new PairFiles(certificate, key), pace);
        } catch (UnusablePairException e) {
            throw new IOException(e.getMessage());
        }
    }

    /** Presents the pair of the moment in each handshake. */
    public X509ExtendedKeyManager keyManager() {
        return presented;
    }

    /** When the certificate that is presented ends. */
    public Instant end() {
        return presented.current().end();
    }

    /** Whether the files are, as they stand now, not those of {@link #keyManager}. */
    public boolean broken() {
        return broken;
    }

    /** Stops following the files; what was read is presented on. */
    @Override
    public void close() {
        thread.shutdownNow();
    }

    private void take(PairFiles.Found found) {
        try {
            CertificatePair pair = found.pair();
            presented.present(pair);
            broken = false;
            FileMode.openToOthers(files.key()).ifPresent(LOG::warn);
            pair.validity(Instant.now()).ifPresent(LOG::warn);
            LOG.infof("certificate taken up, which ends at %s", pair.end());
        } catch (UnusablePairException e) {
            broken = true;
            LOG.warnf("%s; the certificate read before stays in force", e.getMessage());
        }
    }
}
