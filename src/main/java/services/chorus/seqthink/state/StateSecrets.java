package services.chorus.seqthink.state;

import java.security.SecureRandom;
import java.util.List;
import services.chorus.seqthink.hash.Hmac;

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

        @Override
        public byte[] deriveKey(String label) {
            return new Hmac().expand(secret, label);
        }
    }
}
