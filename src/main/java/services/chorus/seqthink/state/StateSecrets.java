package services.chorus.seqthink.state;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The secrets that what is shared is sealed under; they change while the service runs. */
public interface StateSecrets {

    /**
     * The secrets of now: the first seals, all of them open. At least one. Replicas that share must
     * have one in common at any time.
     */
    List<Secret> current();

    /** One secret, of which keys are derived by label. */
    interface Secret {

        /** Says which secret this is, and nothing of it; equal for equal secrets. */
        String fingerprint();

        /**
         * The key for a use.
         *
         * @return 32 bytes, for the caller to wipe
         */
        byte[] deriveKey(String label);
    }

    /**
     * One secret drawn at random, for a process without identities: what is sealed under it is lost
     * with the process.
     */
    final class OfProcess implements StateSecrets, Secret {

        private final byte[] secret = new byte[32];

        /** Draws the secret. */
        public OfProcess(SecureRandom random) {
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
            return "StateSecrets.OfProcess";
        }
    }
}
