package services.chorus.seqthink.state;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import services.chorus.seqthink.hash.Hmac;
import services.chorus.seqthink.json.StrictBase64;

/**
 * The keys that one secret yields, for naming and for sealing.
 *
 * <p>A sealed value is: format version (1 byte), expiry (8 bytes, milliseconds since 1970), salt
 * (32 bytes), ChaCha20-Poly1305 ciphertext and tag (RFC 8439).
 */
final class SealingKey implements AutoCloseable {

    private static final byte VERSION = 1;
    private static final int SALT = 32;
    private static final int HEAD = 1 + Long.BYTES + SALT;
    private static final int TAG = 16;

    /** Bytes that sealing adds to a value. */
    static final int OVERHEAD = HEAD + TAG;

    private static final String CIPHER = "ChaCha20-Poly1305";

    // Every replica seals under the same secret for as long as an identity is in use: too often for
    // random nonces of 96 bits. Instead each value has a key of its own, derived from its salt.
    private static final IvParameterSpec NONCE = new IvParameterSpec(new byte[12]);

    private final byte[] names;
    private final byte[] values;

    SealingKey(StateSecrets.Secret secret) {
        this.names = secret.deriveKey("seqthink/state/names/v1");
        this.values = secret.deriveKey("seqthink/state/values/v1");
    }

    /** An HMAC of these parts, as 43 characters of base64url. */
    String name(String... parts) {
        return StrictBase64.encode(new Hmac().mac(names, lengthPrefixed(parts)));
    }

    /**
     * Seals a value.
     *
     * @param until its expiry
     * @param place must be the same to open it
     */
    byte[] seal(byte[] value, Instant until, SecureRandom random, String... place) {
        byte[] salt = new byte[SALT];
        random.nextBytes(salt);
        ByteBuffer kept =
                ByteBuffer.allocate(value.length + OVERHEAD)
                        .put(VERSION)
                        .putLong(until.toEpochMilli())
                        .put(salt);
        try {
            cipher(Cipher.ENCRYPT_MODE, salt, head(kept), place)
                    .doFinal(ByteBuffer.wrap(value), kept);
        } catch (GeneralSecurityException e) {
            throw missing(e);
        }
        return kept.array();
    }

    /** Opens a value; empty when it expired, or was not sealed by this key for that place. */
    Optional<byte[]> open(byte[] kept, Instant now, String... place) {
        if (kept.length < OVERHEAD || kept[0] != VERSION) {
            return Optional.empty();
        }
        ByteBuffer fields = ByteBuffer.wrap(kept, 1, HEAD - 1);
        if (fields.getLong() <= now.toEpochMilli()) {
            return Optional.empty();
        }
        byte[] salt = new byte[SALT];
        fields.get(salt);
        try {
            return Optional.of(
                    cipher(Cipher.DECRYPT_MODE, salt, head(fields), place)
                            .doFinal(kept, HEAD, kept.length - HEAD));
        } catch (AEADBadTagException e) {
            return Optional.empty();
        } catch (GeneralSecurityException e) {
            throw missing(e);
        }
    }

    @Override
    public void close() {
        Arrays.fill(names, (byte) 0);
        Arrays.fill(values, (byte) 0);
    }

    private static byte[] head(ByteBuffer kept) {
        return Arrays.copyOf(kept.array(), HEAD - SALT);
    }

    private Cipher cipher(int mode, byte[] salt, byte[] head, String... place)
            throws GeneralSecurityException {
        byte[] key = new Hmac().mac(values, salt);
        try {
            Cipher cipher = Cipher.getInstance(CIPHER);
            cipher.init(mode, new SecretKeySpec(key, "ChaCha20"), NONCE);
            cipher.updateAAD(head);
            cipher.updateAAD(lengthPrefixed(place));
            return cipher;
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    /** Writes UTF-16: in UTF-8 all unpaired surrogates would be the same. */
    private static byte[] lengthPrefixed(String... parts) {
        int length = Stream.of(parts).mapToInt(part -> 4 + 2 * part.length()).sum();
        ByteBuffer bytes = ByteBuffer.allocate(length);
        for (String part : parts) {
            bytes.putInt(part.length());
            part.chars().forEach(character -> bytes.putChar((char) character));
        }
        return bytes.array();
    }

    private static IllegalStateException missing(GeneralSecurityException e) {
        return new IllegalStateException("The JDK's " + CIPHER + " cannot be used", e);
    }
}
