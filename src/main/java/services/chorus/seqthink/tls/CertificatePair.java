package services.chorus.seqthink.tls;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.RSAPrivateKey;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import services.chorus.seqthink.files.FileFault;
import services.chorus.seqthink.files.FileFault.FaultyFileException;
import services.chorus.seqthink.files.FileSnapshot;
import services.chorus.seqthink.net.CertificateAuthorities;

/**
 * A certificate chain and its private key.
 *
 * @param chain the server's certificate first, then the issuers'
 * @param key belongs to the first certificate
 */
record CertificatePair(List<X509Certificate> chain, PrivateKey key) {

    private static final byte[] PROBE =
            "does the key belong to the certificate?".getBytes(US_ASCII);

    private static final Pattern PRIVATE_KEY =
            Pattern.compile(
                    "-----BEGIN (|RSA |EC |ENCRYPTED )PRIVATE KEY-----(.*?)-----END",
                    Pattern.DOTALL);

    CertificatePair {
        chain = List.copyOf(chain);
    }

    /**
     * Reads a pair from its files, which may be the same file.
     *
     * @throws FaultyFileException when they cannot be used; the message names the variable and
     *     never the content
     */
    static CertificatePair read(Path certificates, Path key) throws FaultyFileException {
        try (FileSnapshot files = FileSnapshot.of(List.of(certificates, key))) {
            return read(files, certificates, key);
        }
    }

    /** Reads a pair from a snapshot of its files. */
    static CertificatePair read(FileSnapshot files, Path certificates, Path key)
            throws FaultyFileException {
        return parse(
                content(TlsConfig.CERTIFICATE, files, certificates),
                content(TlsConfig.KEY, files, key));
    }

    private static byte[] content(String variable, FileSnapshot files, Path file)
            throws FaultyFileException {
        try {
            return files.content(file);
        } catch (IOException e) {
            throw new FaultyFileException(FileFault.unread(variable, e));
        }
    }

    /**
     * Reads a pair.
     *
     * @param certificates PEM
     * @param key PEM, not encrypted
     */
    static CertificatePair parse(byte[] certificates, byte[] key) throws FaultyFileException {
        List<X509Certificate> chain;
        try {
            chain = CertificateAuthorities.certificates(certificates);
        } catch (CertificateException e) {
            // the parser's message may quote the file
            throw new FaultyFileException(
                    FileFault.broken(TlsConfig.CERTIFICATE, "It holds no certificates in PEM"));
        }
        PublicKey publicKey = chain.getFirst().getPublicKey();
        PrivateKey privateKey = privateKey(key, publicKey.getAlgorithm());
        if (!belong(publicKey, privateKey)) {
            throw brokenKey("The key does not belong to the certificate");
        }
        return new CertificatePair(chain, privateKey);
    }

    private static boolean belong(PublicKey publicKey, PrivateKey privateKey) {
        try {
            Signature signature = Signature.getInstance(signatureBy(publicKey.getAlgorithm()));
            signature.initSign(privateKey);
            signature.update(PROBE);
            byte[] signed = signature.sign();
            signature.initVerify(publicKey);
            signature.update(PROBE);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static String signatureBy(String keyAlgorithm) {
        return switch (keyAlgorithm) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> keyAlgorithm;
        };
    }

    Instant expiry() {
        return chain.getFirst().getNotAfter().toInstant();
    }

    /** A warning when the server's certificate is not valid at a time. */
    Optional<String> validityWarning(Instant now) {
        Instant begin = chain.getFirst().getNotBefore().toInstant();
        String problem =
                now.isAfter(expiry())
                        ? "expired at " + expiry() + ": renew it, callers reject it"
                        : "is not valid before " + begin + ": callers reject it until then";
        return now.isAfter(expiry()) || now.isBefore(begin)
                ? Optional.of("TLS_CERT_PATH names a certificate that " + problem)
                : Optional.empty();
    }

    /** Does not include the key. */
    @Override
    public String toString() {
        return "CertificatePair[" + chain.getFirst().getSubjectX500Principal() + "]";
    }

    /**
     * Reads the first private key of a PEM file: PKCS #8 (RFC 7468 section 10), PKCS #1 for RSA
     * (RFC 8017 appendix A.1.2), which cert-manager still writes, or RFC 5915 for EC.
     *
     * @param algorithm the JDK's name of the public key's algorithm
     */
    private static PrivateKey privateKey(byte[] pem, String algorithm) throws FaultyFileException {
        Matcher block = PRIVATE_KEY.matcher(new String(pem, ISO_8859_1));
        if (!block.find()) {
            throw brokenKey("It holds no private key in PEM");
        }
        String kind = block.group(1).trim();
        if (kind.equals("ENCRYPTED") || block.group(2).contains("ENCRYPTED")) {
            throw brokenKey("The key is encrypted; store it without a passphrase");
        }
        byte[] encoded = new byte[0];
        try {
            encoded = pkcs8(kind, Base64.getMimeDecoder().decode(block.group(2)));
            return KeyFactory.getInstance(algorithm)
                    .generatePrivate(new PKCS8EncodedKeySpec(encoded));
        } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
            throw brokenKey("The key is broken, or is not of the certificate's kind, " + algorithm);
        } finally {
            Arrays.fill(encoded, (byte) 0);
        }
    }

    private static byte[] pkcs8(String kind, byte[] der) throws IOException {
        return switch (kind) {
            case "RSA" ->
                    new PrivateKeyInfo(
                                    new AlgorithmIdentifier(
                                            PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE),
                                    RSAPrivateKey.getInstance(der))
                            .getEncoded();
            case "EC" -> {
                ECPrivateKey key = ECPrivateKey.getInstance(der);
                yield new PrivateKeyInfo(
                                new AlgorithmIdentifier(
                                        X9ObjectIdentifiers.id_ecPublicKey,
                                        key.getParametersObject()),
                                key)
                        .getEncoded();
            }
            default -> der;
        };
    }

    private static FaultyFileException brokenKey(String what) {
        return new FaultyFileException(FileFault.broken(TlsConfig.KEY, what));
    }
}
