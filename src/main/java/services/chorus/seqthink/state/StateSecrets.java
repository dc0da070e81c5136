package services.chorus.seqthink.state;

import java.security.SecureRandom;
import java.util.List;
import services.chorus.seqthink.hash.Hmac;

/** The secrets that shared state is sealed under; they can change while the gateway runs. */
public interface StateSecrets {

    /**
     * The current secrets, at least one: the first seals, all of them open. Replicas that share
     * state must have one in common at any time.
     */
    List<Secret> current();

    interface Secret {

        /** Identifies the secret without revealing it; equal for equal secrets. */
        String fingerprint();

        /**
         * Derives a key for one use.
         *
         * @return 32 bytes, for the caller to wipe
         */
        byte[] deriveKey(String label);
    }

    /**
     * One random secret, for a process without identities: state that is sealed under it is lost
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
