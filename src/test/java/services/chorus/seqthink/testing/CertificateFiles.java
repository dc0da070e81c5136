package services.chorus.seqthink.testing;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.stream.Stream;

/**
 * A server's certificate for {@code localhost} and its key, and the authority that signed it; PEM.
 */
public record CertificateFiles(Path authority, Path certificate, Path key) {

    /** Makes new ones in a folder; their names begin with {@code name}. */
    public static CertificateFiles make(Path folder, String name)
            throws IOException, InterruptedException {
        return make(folder, name, 2);
    }

    /** Makes new ones that expire after some days. */
    public static CertificateFiles make(Path folder, String name, int days)
            throws IOException, InterruptedException {
        CommandLineTool openssl = CommandLineTool.needed("openssl", folder);
        String ca = name + "-ca.pem";
        String caKey = name + "-ca-key.pem";
        String certificate = name + ".pem";
        String key = name + "-key.pem";
        newKey(openssl, days, ca, caKey, "/CN=An authority", "basicConstraints=critical,CA:TRUE");
        newKey(
                openssl,
                days,
                certificate,
                key,
                "/CN=A server",
                "subjectAltName=DNS:localhost",
                "-CA",
                ca,
                "-CAkey",
                caKey);
        return new CertificateFiles(
                folder.resolve(ca), folder.resolve(certificate), folder.resolve(key));
    }

    /** The first certificate of a PEM file. */
    public static X509Certificate read(Path file) throws IOException, CertificateException {
        try (InputStream pem = Files.newInputStream(file)) {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(pem);
        }
    }

    private static void newKey(
            CommandLineTool openssl,
            int days,
            String certificate,
            String key,
            String subject,
            String extension,
            String... more)
            throws IOException, InterruptedException {
        String[] fixed = {
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-days",
            String.valueOf(days),
            "-keyout",
            key,
            "-out",
            certificate,
            "-subj",
            subject,
            "-addext",
            extension
        };
        openssl.run(Stream.of(fixed, more).flatMap(Stream::of).toArray(String[]::new)).orFail();
    }
}
