package services.chorus.seqthink.client;

import static java.util.Objects.requireNonNull;

/** Why a client believes a door's key. */
public sealed interface Introduction {

    /**
     * It was told the key's fingerprint by somebody it trusts.
     *
     * @param fingerprint SHA-256 thumbprint (RFC 7638) as unpadded base64url
     */
    record Told(String fingerprint) implements Introduction {

        public Told {
            requireNonNull(fingerprint, "fingerprint is null");
        }
    }

    /** It takes whatever key it meets first, and no other after that. */
    record FirstMeeting() implements Introduction {}

    /** It knows the door already. */
    record None() implements Introduction {}
}
