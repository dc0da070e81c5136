package services.chorus.seqthink.net;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** The certificate authorities that outgoing TLS connections trust. */
public final class CertificateAuthorities {

    private final X509TrustManager trust;
    private final List<X509Certificate> added;

    private CertificateAuthorities(X509TrustManager trust, List<X509Certificate> added) {
        this.trust = trust;
        this.added = added;
    }

    /**
     * Trusts the system's authorities and those of a file.
     *
     * @param more a PEM file of one or more X.509 certificates
     * @throws IOException when the file cannot be read or contains anything else
     */
    public static CertificateAuthorities systemAnd(Optional<Path> more) throws IOException {
        try {
            List<X509Certificate> added =
                    more.isPresent() ? certificates(Files.readAllBytes(more.get())) : List.of();
            return new CertificateAuthorities(trusting(added), added);
        } catch (GeneralSecurityException e) {
            throw new IOException("The file cannot be used as certificate authorities", e);
        }
    }

    /** For the JDK's HTTP client. */
    public SSLContext context() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {trust}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("The JDK's TLS cannot be used", e);
        }
    }

    /** For clients with a TLS context of their own; does not itself check the host name. */
    public X509TrustManager trust() {
        return trust;
    }

    /** When the first of the file's certificates expires; empty without a file. */
    public Optional<Instant> expiry() {
        return added.stream()
                .map(certificate -> certificate.getNotAfter().toInstant())
                .min(Comparator.naturalOrder());
    }

    /**
     * The certificates in a PEM file, in order.
     *
     * @throws CertificateException when it contains none, or anything else
     */
    public static List<X509Certificate> certificates(byte[] pem) throws CertificateException {
        List<X509Certificate> certificates =
                CertificateFactory.getInstance("X.509")
                        .generateCertificates(new ByteArrayInputStream(pem))
                        .stream()
                        .map(X509Certificate.class::cast)
                        .toList();
        if (certificates.isEmpty()) {
            throw new CertificateException("The file contains no certificate");
        }
        return certificates;
    }

    private static X509TrustManager trusting(List<X509Certificate> added)
            throws GeneralSecurityException, IOException {
        X509TrustManager system = trustManager(null);
        if (added.isEmpty()) {
            return system;
        }
        KeyStore all = KeyStore.getInstance("PKCS12");
        all.load(null, null);
        Stream<X509Certificate> systems = Stream.of(system.getAcceptedIssuers());
        for (X509Certificate certificate : Stream.concat(systems, added.stream()).toList()) {
            all.setCertificateEntry("authority-" + all.size(), certificate);
        }
        return trustManager(all);
    }

    /**
     * @param authorities null for the system's, as in the JDK's API
     */
    private static X509TrustManager trustManager(KeyStore authorities)
            throws GeneralSecurityException {
        TrustManagerFactory factory =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(authorities);
        return (X509TrustManager) factory.getTrustManagers()[0];
    }
}
