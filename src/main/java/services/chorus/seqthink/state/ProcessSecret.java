package services.chorus.seqthink.state;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * One secret drawn at random, for a process without identities: what is sealed under it is lost
 * with the process.
 */
public final class ProcessSecret implements StateSecrets, StateSecrets.Secret {

    private final byte[] secret = new byte[32];

    /** Draws the secret. */
    public ProcessSecret(SecureRandom random) {
        random.nextBytes(secret);
    }

    @Override
    public List<Secret> current() {
        return List.of(this);
    }

    @Override
    public String fingerprint() {
        return "process";
    }

    // HKDF-Expand of one block, RFC 5869 section 2.3
    @Override
    public byte[] deriveKey(String label) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            mac.update(label.getBytes(StandardCharsets.UTF_8));
            return mac.doFinal(new byte[] {1});
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("The JDK's HMAC cannot be used", e);
        }
    }

    @Override
    public String toString() {
        return "ProcessSecret";
    }
}
