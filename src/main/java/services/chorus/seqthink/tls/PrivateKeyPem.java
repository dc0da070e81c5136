package services.chorus.seqthink.tls;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.RSAPrivateKey;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import services.chorus.seqthink.files.FaultyFileException;
import services.chorus.seqthink.files.FileFault;

/**
 * Private keys as PEM files have them (RFC 7468 section 10), and as they had them before: PKCS #1
 * for RSA (RFC 8017 appendix A.1.2), which cert-manager still writes, and RFC 5915 for EC.
 */
final class PrivateKeyPem {

    private static final Pattern BLOCK =
            Pattern.compile(
                    "-----BEGIN (|RSA |EC |ENCRYPTED )PRIVATE KEY-----(.*?)-----END",
                    Pattern.DOTALL);

    private PrivateKeyPem() {}

    /**
     * Reads the first key of a file.
     *
     * @param algorithm of its public key, as the JDK names it
     */
    static PrivateKey parse(byte[] pem, String algorithm) throws FaultyFileException {
        Matcher block = BLOCK.matcher(new String(pem, ISO_8859_1));
        if (!block.find()) {
            throw broken("It holds no private key in PEM");
        }
        String kind = block.group(1).trim();
        if (kind.equals("ENCRYPTED") || block.group(2).contains("ENCRYPTED")) {
            throw broken("The key is encrypted; store it without a passphrase");
        }
        byte[] encoded = new byte[0];
        try {
            encoded = pkcs8(kind, Base64.getMimeDecoder().decode(block.group(2)));
            return KeyFactory.getInstance(algorithm)
                    .generatePrivate(new PKCS8EncodedKeySpec(encoded));
        } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
            throw broken("The key is broken, or is not of the certificate's kind, " + algorithm);
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

    static FaultyFileException broken(String what) {
        return new FaultyFileException(FileFault.broken(TlsConfig.KEY, what));
    }
}
