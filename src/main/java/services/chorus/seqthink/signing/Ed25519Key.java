package services.chorus.seqthink.signing;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.jose4j.keys.EdDsaKeyUtil;
import org.jose4j.lang.JoseException;
import services.chorus.seqthink.hash.Hmac;
import services.chorus.seqthink.json.StrictBase64;
import services.chorus.seqthink.json.StrictJson;

/**
 * A secret Ed25519 key (RFC 8032). On disk it is a private JWK (RFC 8037 section 2) with exactly
 * the members {@code kty}, {@code crv}, {@code x} and {@code d}. Thread-safe until it is closed.
 */
public final class Ed25519Key implements AutoCloseable {

    private static final Set<String> MEMBERS = Set.of("kty", "crv", "x", "d");

    private final Ed25519PublicKey publicKey;
    private final byte[] secret;
    private volatile boolean closed;

    /** Takes ownership of the secret. */
    private Ed25519Key(byte[] secret) {
        this.secret = secret;
        byte[] x = new byte[Ed25519.PUBLIC_KEY_SIZE];
        Ed25519.generatePublicKey(secret, 0, x, 0);
        this.publicKey = new Ed25519PublicKey(StrictBase64.encode(x));
    }

    public static Ed25519Key generate() {
        byte[] secret = new byte[Ed25519.SECRET_KEY_SIZE];
        new SecureRandom().nextBytes(secret);
        return new Ed25519Key(secret);
    }

    /**
     * Reads a key file.
     *
     * @throws Ed25519KeyException when the file contains no such key
     * @throws IOException when the file is unreadable
     */
    public static Ed25519Key read(Path file) throws IOException {
        byte[] content = Files.readAllBytes(file);
        try {
            return parse(content);
        } finally {
            Arrays.fill(content, (byte) 0);
        }
    }

    /** Parses a private JWK, for the caller to wipe. */
    public static Ed25519Key parse(byte[] jwk) throws Ed25519KeyException {
        ObjectNode members =
                StrictJson.parseObject(jwk)
                        .orElseThrow(
                                () -> new Ed25519KeyException("The file is not a JSON object"));
        if (!StrictJson.hasExactly(members, MEMBERS)) {
            throw new Ed25519KeyException(
                    "The JWK must have exactly the members kty, crv, x and d");
        }
        Optional<byte[]> secret =
                StrictBase64.decode(members.remove("d")).filter(d -> d.length == 32);
        Optional<Ed25519PublicKey> publicKey = Ed25519PublicKey.of(members);
        if (secret.isEmpty() || publicKey.isEmpty()) {
            throw new Ed25519KeyException(
                    "The JWK must have kty OKP, crv Ed25519, and 32 bytes each in x and d");
        }
        Ed25519Key key = new Ed25519Key(secret.get());
        if (!key.publicKey.equals(publicKey.get())) {
            key.close();
            throw new Ed25519KeyException("The JWK's x is not the public key of its d");
        }
        return key;
    }

    /**
     * Returns the JWK, as {@link #read} reads it.
     *
     * @return ASCII, for the caller to wipe
     * @throws IllegalStateException when closed
     */
    public byte[] encode() {
        requireOpen();
        String beginning =
                "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"%s\",\"d\":\""
                        .formatted(publicKey.x());
        byte[] d = Base64.getUrlEncoder().withoutPadding().encode(secret);
        ByteArrayOutputStream jwk = new ByteArrayOutputStream(256);
        jwk.writeBytes(beginning.getBytes(US_ASCII));
        jwk.writeBytes(d);
        jwk.writeBytes("\"}\n".getBytes(US_ASCII));
        Arrays.fill(d, (byte) 0);
        return jwk.toByteArray();
    }

    /** The SHA-256 thumbprint (RFC 7638) as unpadded base64url. */
    public String fingerprint() {
        return publicKey.fingerprint();
    }

    public Ed25519PublicKey publicKey() {
        return publicKey;
    }

    public PrivateKey signingKey() {
        requireOpen();
        try {
            return new EdDsaKeyUtil().privateKey(secret, EdDsaKeyUtil.ED25519);
        } catch (JoseException e) {
            throw new IllegalStateException("The JDK has no Ed25519", e);
        }
    }

    /**
     * Signs a message (pure Ed25519).
     *
     * @return 64 bytes
     * @throws IllegalStateException when closed
     */
    public byte[] sign(byte[] message) {
        requireOpen();
        byte[] signature = new byte[Ed25519.SIGNATURE_SIZE];
        Ed25519.sign(secret, 0, message, 0, message.length, signature, 0);
        return signature;
    }

    /**
     * Derives another secret by HKDF-SHA-256 without salt (RFC 5869).
     *
     * @param label the use of the key
     * @return 32 bytes, for the caller to wipe
     * @throws IllegalStateException when closed
     */
    public byte[] deriveKey(String label) {
        requireOpen();
        return new Hmac().derive(secret, label);
    }

    @Override
    public void close() {
        closed = true;
        Arrays.fill(secret, (byte) 0);
    }

    @Override
    public String toString() {
        return "Ed25519Key[" + fingerprint() + "]";
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("The key is closed");
        }
    }

    /** The file contains no valid key. The message names the broken rule, without any content. */
    public static final class Ed25519KeyException extends IOException {

        Ed25519KeyException(String message) {
            super(message);
        }
    }
}
