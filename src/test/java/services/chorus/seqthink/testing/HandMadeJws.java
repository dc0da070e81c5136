package services.chorus.seqthink.testing;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/**
 * An Ed25519 key and its signatures, made with the JDK only, from RFC 7515, 7638 and 8037, so that
 * a mistake in the service's own code cannot hide one in a test.
 */
public record HandMadeJws(KeyPair keys) {

    public static HandMadeJws generate() {
        try {
            HandMadeJws made =
                    new HandMadeJws(KeyPairGenerator.getInstance("Ed25519").generateKeyPair());
            Canaries.note(made.d());
            return made;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The key with a private JWK's {@code x} and {@code d}. */
    public static HandMadeJws of(String x, String d) {
        try {
            KeyFactory factory = KeyFactory.getInstance("Ed25519");
            return new HandMadeJws(
                    new KeyPair(
                            factory.generatePublic(
                                    new X509EncodedKeySpec(der("302a300506032b6570032100", x))),
                            factory.generatePrivate(
                                    new PKCS8EncodedKeySpec(
                                            der("302e020100300506032b657004220420", d)))));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public static String base64url(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    public String x() {
        return lastBytes(keys.getPublic().getEncoded());
    }

    public String d() {
        return lastBytes(keys.getPrivate().getEncoded());
    }

    public String publicJwk() {
        return "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"%s\"}".formatted(x());
    }

    public String privateJwk() {
        return "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"%s\",\"d\":\"%s\"}"
                .formatted(x(), d());
    }

    public String fingerprint() {
        // RFC 7638 section 3: the required members in the order of their names
        String jwk = "{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"%s\"}".formatted(x());
        return Client.sha256(jwk.getBytes(US_ASCII));
    }

    /** The header of a recipients document. */
    public String header() {
        return "{\"alg\":\"EdDSA\",\"typ\":\"age-recipients\",\"kid\":\"%s\",\"jwk\":%s}"
                .formatted(fingerprint(), publicJwk());
    }

    public String sign(String payload) {
        return sign(header(), payload);
    }

    public String sign(String header, String payload) {
        return sign(header, payload.getBytes(UTF_8));
    }

    public String sign(String header, byte[] payload) {
        String input = base64url(header.getBytes(UTF_8)) + "." + base64url(payload);
        return input + "." + base64url(signature(input.getBytes(US_ASCII)));
    }

    public byte[] signature(byte[] input) {
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(keys.getPrivate());
            signature.update(input);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** RFC 8410: a prefix that names the algorithm, then the 32 bytes of the key. */
    private static byte[] der(String prefix, String key) {
        ByteArrayOutputStream der = new ByteArrayOutputStream();
        der.writeBytes(HexFormat.of().parseHex(prefix));
        der.writeBytes(Base64.getUrlDecoder().decode(key));
        return der.toByteArray();
    }

    /** The 32 bytes of the key, which end both X.509 and PKCS #8 (RFC 8410). */
    private static String lastBytes(byte[] der) {
        return base64url(Arrays.copyOfRange(der, der.length - 32, der.length));
    }
}
