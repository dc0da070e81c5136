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
 * What one secret makes names and seals values with.
 *
 * <p>A sealed value is: format version (1 byte), when its life is over (8 bytes, milliseconds since
 * 1970), salt (32 bytes), ChaCha20-Poly1305 ciphertext and tag (RFC 8439).
 */
final class SealingKey implements AutoCloseable {

    private static final byte VERSION = 1;
    private static final int SALT = 32;
    private static final int HEAD = 1 + Long.BYTES + SALT;
    private static final int TAG = 16;

    /** How much longer a sealed value is than what is in it. */
    static final int OVERHEAD = HEAD + TAG;

    private static final String CIPHER = "ChaCha20-Poly1305";

    // One key seals at every replica for as long as an identity lives, too often for a random nonce
    // of 96 bits. Each value has a key of its own instead, used once.
    private static final IvParameterSpec NONCE = new IvParameterSpec(new byte[12]);

    private final byte[] names;
    private final byte[] values;

    SealingKey(StateSecrets.Secret secret) {
        this.names = secret.deriveKey("seqthink/state/names/v1");
        this.values = secret.deriveKey("seqthink/state/values/v1");
    }

    /** The name of what these parts say, as 43 characters of base64url. */
    String name(String... parts) {
        return StrictBase64.encode(new Hmac().mac(names, lengthPrefixed(parts)));
    }

    /**
     * Seals a value.
     *
     * @param until when its life is over
     * @param place where it belongs; it opens nowhere else
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

    /** Opens what this key sealed for that place, unless its life is over. */
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

    /** Whole chars: UTF-8 would write all unpaired surrogates alike. */
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
