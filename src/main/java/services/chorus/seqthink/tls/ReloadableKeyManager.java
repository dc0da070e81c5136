package services.chorus.seqthink.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * A server's certificate that can be replaced while its port stays open. Vert.x could replace all
 * TLS options instead, but drops connections while it does. A handshake asks for the alias of a
 * certificate first and by it for the rest, so an alias stands for one pair for ever, and the
 * previous pair is kept for handshakes under way. Safe for use by several threads.
 */
final class ReloadableKeyManager extends X509ExtendedKeyManager {

    private record Aliased(String alias, CertificatePair pair) {}

    // the current pair and, once it was replaced, the one before
    private volatile List<Aliased> pairs = List.of();
    private int replaced;

    ReloadableKeyManager(CertificatePair first) {
        replace(first);
    }

    /** Presents another pair from now on. */
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
                .map(Aliased::pair)
                .findFirst();
    }

    @Override
    public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
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
        return pair(alias).map(pair -> pair.chain().toArray(X509Certificate[]::new)).orElse(null);
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
