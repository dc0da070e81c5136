package services.chorus.seqthink.state;

import java.util.List;

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
}
