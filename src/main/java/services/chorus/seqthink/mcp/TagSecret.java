package services.chorus.seqthink.mcp;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The secret under which caller tags are made. Lives as long as the process and never leaves it.
 *
 * <p>Safe for use by several threads, closing apart: after that it makes no more tags.
 */
public final class TagSecret implements AutoCloseable {

    private static final int LENGTH = 32;

    private final byte[] key = new byte[LENGTH];
    private volatile boolean closed;

    /** Draws a new secret. */
    public TagSecret(SecureRandom random) {
        random.nextBytes(key);
    }

    byte[] hmac(byte[]... parts) {
        if (closed) {
            throw new IllegalStateException("The secret was wiped");
        }
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            for (byte[] part : parts) {
                mac.update(part);
            }
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This Java runtime has no HmacSHA256", e);
        }
    }

    /** Wipes the secret. */
    @Override
    public void close() {
        closed = true;
        Arrays.fill(key, (byte) 0);
    }

    @Override
    public String toString() {
        return "TagSecret";
    }
}
