package services.chorus.seqthink.sealing;

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
import services.chorus.seqthink.json.StrictJson;

/**
 * The secret Ed25519 key (RFC 8032) that a door signs its recipients with. On disk it is a private
 * JWK (RFC 8037 section 2) of exactly the members {@code kty}, {@code crv}, {@code x} and {@code
 * d}. Safe for use by several threads until it is closed.
 */
public final class DoorKey implements AutoCloseable {

    private static final Set<String> MEMBERS = Set.of("kty", "crv", "x", "d");

    private final DoorPublicKey publicKey;
    private final byte[] secret;
    private volatile boolean closed;

    /** Takes the secret over. */
    private DoorKey(byte[] secret) {
        this.secret = secret;
        this.publicKey = publicHalf(secret);
    }

    /** A new key. */
    public static DoorKey generate() {
        byte[] secret = new byte[Ed25519.SECRET_KEY_SIZE];
        new SecureRandom().nextBytes(secret);
        return new DoorKey(secret);
    }

    /**
     * Reads a key's file.
     *
     * @throws DoorKeyException when it holds anything but a door key
     * @throws IOException when it cannot be read
     */
    public static DoorKey read(Path file) throws IOException {
        byte[] content = Files.readAllBytes(file);
        try {
            return parse(content);
        } finally {
            Arrays.fill(content, (byte) 0);
        }
    }

    /** Reads a private JWK; the caller keeps the bytes, and wipes them. */
    static DoorKey parse(byte[] jwk) throws DoorKeyException {
        ObjectNode members =
                StrictJson.parseObject(jwk)
                        .orElseThrow(() -> new DoorKeyException("The file is no JSON object"));
        if (!DoorPublicKey.hasExactly(members, MEMBERS)) {
            throw new DoorKeyException("The JWK needs the members kty, crv, x and d, and no other");
        }
        Optional<byte[]> secret =
                StrictBase64.decode(members.remove("d")).filter(d -> d.length == 32);
        Optional<DoorPublicKey> publicKey = DoorPublicKey.of(members);
        if (secret.isEmpty() || publicKey.isEmpty()) {
            throw new DoorKeyException(
                    "The JWK must be of kty OKP and crv Ed25519, with 32 bytes each in x and d");
        }
        DoorKey key = new DoorKey(secret.get());
        if (!key.publicKey.equals(publicKey.get())) {
            key.close();
            throw new DoorKeyException("The JWK's x does not belong to its d");
        }
        return key;
    }

    /**
     * The key as {@link #read} reads it.
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

    /** The key's SHA-256 thumbprint (RFC 7638) as unpadded base64url; public. */
    public String fingerprint() {
        return publicKey.fingerprint();
    }

    DoorPublicKey publicKey() {
        return publicKey;
    }

    PrivateKey signingKey() {
        requireOpen();
        try {
            return new EdDsaKeyUtil().privateKey(secret, EdDsaKeyUtil.ED25519);
        } catch (JoseException e) {
            throw new IllegalStateException("This Java has no Ed25519", e);
        }
    }

    @Override
    public void close() {
        closed = true;
        Arrays.fill(secret, (byte) 0);
    }

    @Override
    public String toString() {
        return "DoorKey[" + fingerprint() + "]";
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("The door key is closed");
        }
    }

    private static DoorPublicKey publicHalf(byte[] secret) {
        byte[] x = new byte[Ed25519.PUBLIC_KEY_SIZE];
        Ed25519.generatePublicKey(secret, 0, x, 0);
        return new DoorPublicKey(StrictBase64.encode(x));
    }
}
