package services.chorus.seqthink.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * A server's certificate that can be exchanged while its port stays open. Vert.x could exchange all
 * TLS options instead, but drops who connects while it does. A handshake asks for the name of a
 * certificate first and by it for the rest, so a name stands for one pair for ever, and the pair of
 * before is kept for handshakes under way.
 */
final class PresentedCertificate extends X509ExtendedKeyManager {

    private record Named(String name, CertificatePair pair) {}

    private record Moment(Named current, Optional<Named> before) {

        Optional<CertificatePair> pair(String name) {
            return Stream.concat(Stream.of(current), before.stream())
                    .filter(named -> named.name.equals(name))
                    .map(Named::pair)
                    .findFirst();
        }
    }

    private volatile Moment moment;
    private int names;

    PresentedCertificate(CertificatePair first) {
        moment = new Moment(named(first), Optional.empty());
    }

    synchronized void present(CertificatePair next) {
        moment = new Moment(named(next), Optional.of(moment.current));
    }

    private Named named(CertificatePair pair) {
        names++;
        return new Named("pair-" + names, pair);
    }

    CertificatePair current() {
        return moment.current.pair;
    }

    @Override
    public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
        Named current = moment.current;
        return current.pair.key().getAlgorithm().equals(keyType) ? current.name : null;
    }

    @Override
    public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
        return chooseEngineServerAlias(keyType, issuers, null);
    }

    @Override
    public String[] getServerAliases(String keyType, Principal[] issuers) {
        String name = chooseEngineServerAlias(keyType, issuers, null);
        return name == null ? null : new String[] {name};
    }

    @Override
    public X509Certificate[] getCertificateChain(String name) {
        return moment.pair(name)
                .map(pair -> pair.chain().toArray(X509Certificate[]::new))
                .orElse(null);
    }

    @Override
    public PrivateKey getPrivateKey(String name) {
        return moment.pair(name).map(CertificatePair::key).orElse(null);
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
