package services.chorus.seqthink.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** Whom outgoing TLS connections trust: the system's certificate authorities, and more. */
public final class CertificateAuthorities {

    private final X509TrustManager trust;

    private CertificateAuthorities(X509TrustManager trust) {
        this.trust = trust;
    }

    /**
     * Trusts the system's authorities and those of a file.
     *
     * @param more one or more X.509 certificates, PEM
     * @throws IOException when the file cannot be read or has anything else in it
     */
    public static CertificateAuthorities systemAnd(Optional<Path> more) throws IOException {
        Collection<? extends Certificate> added =
                more.isPresent() ? certificates(more.get()) : List.of();
        try {
            return new CertificateAuthorities(trusting(added));
        } catch (GeneralSecurityException e) {
            throw new IOException("These certificates cannot be trusted", e);
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

    /** For clients that make their own TLS contexts; does not by itself check a host's name. */
    public X509TrustManager trust() {
        return trust;
    }

    private static Collection<? extends Certificate> certificates(Path file) throws IOException {
        byte[] pem = Files.readAllBytes(file);
        try {
            Collection<? extends Certificate> certificates =
                    CertificateFactory.getInstance("X.509")
                            .generateCertificates(new ByteArrayInputStream(pem));
            if (certificates.isEmpty()) {
                throw new IOException("The file has no certificate");
            }
            return certificates;
        } catch (CertificateException e) {
            throw new IOException("The file has something other than certificates", e);
        }
    }

    private static X509TrustManager trusting(Collection<? extends Certificate> added)
            throws GeneralSecurityException, IOException {
        X509TrustManager system = trustManager(null);
        if (added.isEmpty()) {
            return system;
        }
        KeyStore all = KeyStore.getInstance("PKCS12");
        all.load(null, null);
        List<Certificate> certificates = new ArrayList<>(List.of(system.getAcceptedIssuers()));
        certificates.addAll(added);
        for (Certificate certificate : certificates) {
            all.setCertificateEntry("authority-" + all.size(), certificate);
        }
        return trustManager(all);
    }

    /**
     * @param authorities null for the system's, as the JDK has it
     */
    private static X509TrustManager trustManager(KeyStore authorities)
            throws GeneralSecurityException {
        TrustManagerFactory factory =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(authorities);
        return Stream.of(factory.getTrustManagers())
                .filter(X509TrustManager.class::isInstance)
                .map(X509TrustManager.class::cast)
                .findFirst()
                .orElseThrow();
    }
}
