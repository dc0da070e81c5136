package services.chorus.seqthink.issuer.clients;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Secrets that matched within the last minute, one for each hash, so that a client which asks often
 * costs one Argon2 hash a minute. Holds only tags under a key that dies with the process.
 */
final class VerifiedSecrets {

    private static final Duration KEPT_FOR = Duration.ofMinutes(1);

    private final InstantSource clock;
    private final SecretKeySpec key;
    private final Map<String, Remembered> byHash = new ConcurrentHashMap<>();

    VerifiedSecrets(InstantSource clock) {
        this.clock = clock;
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        this.key = new SecretKeySpec(random, "HmacSHA256");
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
        try {
            Mac hmac = Mac.getInstance("HmacSHA256");
            hmac.init(key);
            // the PHC string has one fixed length: nothing can move from it into the secret
            hmac.update(hash.phc().getBytes(StandardCharsets.US_ASCII));
            return hmac.doFinal(secret.bytes());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This Java has no HMAC-SHA-256", e);
        }
    }

    private record Remembered(byte[] tag, Instant until) {}
}
