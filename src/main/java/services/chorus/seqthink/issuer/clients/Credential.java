package services.chorus.seqthink.issuer.clients;

import java.time.Instant;
import java.util.Optional;

/** What a client is known by: the hash of its secret, or its public keys. Never both. */
sealed interface Credential permits SecretHash, PublicKeys {

    /** One that was replaced, and is taken until its time is up. */
    record Former(Credential credential, Instant until) {}

    /**
     * The one of the two that is there.
     *
     * @throws IllegalArgumentException when both are, or none
     */
    static Credential only(Optional<SecretHash> secretHash, Optional<PublicKeys> keys) {
        if (secretHash.isPresent() == keys.isPresent()) {
            throw new IllegalArgumentException("A client needs either secret_hash or jwks");
        }
        return keys.isPresent() ? keys.get() : secretHash.get();
    }
}
