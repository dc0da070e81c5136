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
 * The server's certificate, reloaded when its files change. New connections get a changed pair
 * within five seconds. When the files cannot be used, the previous pair stays in use, the fault is
 * logged once, and {@link #broken} is true. Safe for use by several threads.
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
     * Reads both files, and reloads them on changes until closed.
     *
     * @throws IOException when they cannot be used; the message names the variable and never the
     *     content
     */
    public static LiveCertificate open(Path certificate, Path key) throws IOException {
        return new LiveCertificate(certificate, key, FileWatch.USUAL_PACE);
    }

    /** Uses the current pair in each handshake. */
    public X509ExtendedKeyManager keyManager() {
        return keyManager;
    }

    /** When the current certificate expires. */
    public Instant expiry() {
        return keyManager.current().expiry();
    }

    /** Whether the files, as they are now, cannot be used. */
    public boolean broken() {
        return broken;
    }

    /** Stops reloading; the current pair stays in use. */
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
            pair.validityWarning(Instant.now()).ifPresent(LOG::warn);
            LOG.infof("certificate reloaded, it expires at %s", pair.expiry());
        } catch (FaultyFileException e) {
            broken = true;
            LOG.warnf("%s; the previous certificate stays in use", e.getMessage());
        }
    }

    /**
     * A key manager whose certificate can be replaced while the port stays open. Replacing all TLS
     * options of Vert.x would drop connections. A handshake asks for an alias first and then for
     * that alias's certificate and key, so an alias never changes its pair, and the previous pair
     * is kept for handshakes in progress. Safe for use by several threads.
     */
    static final class ReloadableKeyManager extends X509ExtendedKeyManager {

        private record Aliased(String alias, CertificatePair pair) {}

        // the current pair, then the previous one, if any
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
