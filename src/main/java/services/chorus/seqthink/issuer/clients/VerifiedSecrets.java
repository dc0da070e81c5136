package services.chorus.seqthink.issuer.clients;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import services.chorus.seqthink.hash.Hmac;

/**
 * Secrets that matched within the last minute, one for each hash, so that a client which asks often
 * costs one Argon2 hash a minute. Holds only tags under a key that dies with the process.
 */
final class VerifiedSecrets {

    private static final Duration KEPT_FOR = Duration.ofMinutes(1);

    private final InstantSource clock;
    private final byte[] key = new byte[Hmac.SIZE];
    private final Map<String, Remembered> byHash = new ConcurrentHashMap<>();

    VerifiedSecrets(InstantSource clock) {
        this.clock = clock;
        new SecureRandom().nextBytes(key);
    }

    void remember(SecretHash hash, ClientSecret secret) {
        Instant now = clock.instant();
        byHash.values().removeIf(remembered -> !now.isBefore(remembered.until));
        byHash.put(hash.phc(), new Remembered(tag(hash, secret), now.plus(KEPT_FOR)));
    }

    boolean remembers(SecretHash hash, ClientSecret secret) {
        Remembered remembered = byHash.get(hash.phc());
        return remembered != null
                && clock.instant().isBefore(remembered.until)
                && MessageDigest.isEqual(remembered.tag, tag(hash, secret));
    }

    /** Bound to the stored hash, so that a client whose secret was changed is not remembered. */
    private byte[] tag(SecretHash hash, ClientSecret secret) {
        // the PHC string has one fixed length: nothing can move from it into the secret
        byte[] phc = hash.phc().getBytes(StandardCharsets.US_ASCII);
        return new Hmac().mac(key, phc, secret.bytes());
    }

    private record Remembered(byte[] tag, Instant until) {}
}
