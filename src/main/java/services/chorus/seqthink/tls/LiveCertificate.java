package services.chorus.seqthink.tls;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jboss.logging.Logger;
import services.chorus.seqthink.files.FileFault.FaultyFileException;
import services.chorus.seqthink.files.FileSnapshot;
import services.chorus.seqthink.files.FileWatch;
import services.chorus.seqthink.files.PrivateFile;

/**
 * The certificate on disk as it is now. A changed pair is presented to new connections within five
 * seconds; one that cannot be used leaves the pair of before, is named in the log once, and makes
 * {@link #broken} true. Safe for use by several threads.
 */
public final class LiveCertificate implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(LiveCertificate.class);

    private final Path certificateFile;
    private final Path keyFile;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("certificate").factory());
    private final ReloadableKeyManager keyManager;
    private volatile boolean broken;

    LiveCertificate(Path certificateFile, Path keyFile, Duration pace) throws IOException {
        this.certificateFile = certificateFile;
        this.keyFile = keyFile;
        List<Path> files = List.of(certificateFile, keyFile);
        try (FileSnapshot found = FileSnapshot.of(files)) {
            keyManager =
                    new ReloadableKeyManager(CertificatePair.read(found, certificateFile, keyFile));
            FileWatch.start(thread, pace, files, found, this::reload);
        }
    }

    /**
     * Reads both files, and follows them until closed.
     *
     * @throws IOException when they cannot be used; the message names the variable and never the
     *     content
     */
    public static LiveCertificate open(Path certificate, Path key) throws IOException {
        return new LiveCertificate(certificate, key, FileWatch.USUAL_PACE);
    }

    /** Presents the current pair in each handshake. */
    public X509ExtendedKeyManager keyManager() {
        return keyManager;
    }

    /** When the certificate that is presented ends. */
    public Instant end() {
        return keyManager.current().end();
    }

    /** Whether the files are, as they stand now, not those of {@link #keyManager}. */
    public boolean broken() {
        return broken;
    }

    /** Stops following the files; what was read is still presented. */
    @Override
    public void close() {
        thread.shutdownNow();
    }

    private void reload(FileSnapshot found) {
        try {
            CertificatePair pair = CertificatePair.read(found, certificateFile, keyFile);
            keyManager.replace(pair);
            broken = false;
            PrivateFile.openToOthers(keyFile).ifPresent(LOG::warn);
            pair.validity(Instant.now()).ifPresent(LOG::warn);
            LOG.infof("certificate taken up, which ends at %s", pair.end());
        } catch (FaultyFileException e) {
            broken = true;
            LOG.warnf("%s; the certificate read before stays in force", e.getMessage());
        }
    }

    /**
     * A server's certificate that can be replaced while its port stays open. Vert.x could replace
     * all TLS options instead, but drops connections while it does. A handshake asks for the alias
     * of a certificate first and by it for the rest, so an alias stands for one pair for ever, and
     * the previous pair is kept for handshakes under way. Safe for use by several threads.
     */
    static final class ReloadableKeyManager extends X509ExtendedKeyManager {

        private record Aliased(String alias, CertificatePair pair) {}

        // the current pair and, once it was replaced, the one before
        private volatile List<Aliased> pairs = List.of();
        private int replaced;

        ReloadableKeyManager(CertificatePair first) {
            replace(first);
        }

        synchronized void replace(CertificatePair next) {
            replaced++;
            pairs =
                    Stream.concat(
                                    Stream.of(new Aliased("pair-" + replaced, next)),
                                    pairs.stream().limit(1))
                            .toList();
        }

        CertificatePair current() {
            return pairs.getFirst().pair();
        }

        private Optional<CertificatePair> pair(String alias) {
            return pairs.stream()
                    .filter(aliased -> aliased.alias().equals(alias))
                    .findFirst()
                    .map(Aliased::pair);
        }

        @Override
        public String chooseEngineServerAlias(
                String keyType, Principal[] issuers, SSLEngine engine) {
            Aliased current = pairs.getFirst();
            return current.pair().key().getAlgorithm().equals(keyType) ? current.alias() : null;
        }

        @Override
        public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
            return chooseEngineServerAlias(keyType, issuers, null);
        }

        @Override
        public String[] getServerAliases(String keyType, Principal[] issuers) {
            String alias = chooseEngineServerAlias(keyType, issuers, null);
            return alias == null ? null : new String[] {alias};
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return pair(alias)
                    .map(pair -> pair.chain().toArray(X509Certificate[]::new))
                    .orElse(null);
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return pair(alias).map(CertificatePair::key).orElse(null);
        }

        @Override
        public String[] getClientAliases(String keyType, Principal[] issuers) {
            return null;
        }

        @Override
        public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
            return null;
        }
    }
}
