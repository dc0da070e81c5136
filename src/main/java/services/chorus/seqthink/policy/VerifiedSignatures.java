package services.chorus.seqthink.policy;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/**
 * A cache of good signatures, so that a token in frequent use does not cost a public-key operation
 * each time. It maps the token's SHA-256 to the key that verified it. An entry counts only while
 * the issuer's key for the token is equal to that key, and so ends when the issuer removes or
 * replaces the key. Nothing else of a token is cached. Bounded; safe for use by several threads.
 */
final class VerifiedSignatures {

    static final Duration REMEMBERED = Duration.ofSeconds(60);
    static final int MOST = 10_000;

    private final Cache<String, VerificationKey> keyByTokenHash;
    private final LongAdder checks = new LongAdder();

    VerifiedSignatures() {
        this(Ticker.systemTicker());
    }

    /**
     * @param ticker a time that never goes back
     */
    VerifiedSignatures(Ticker ticker) {
        this.keyByTokenHash =
                Caffeine.newBuilder()
                        .maximumSize(MOST)
                        .expireAfterWrite(REMEMBERED)
                        .ticker(ticker)
                        .build();
    }

    /**
     * Whether the key verifies the token's signature.
     *
     * @param hash unpadded base64url SHA-256 of the compact token
     * @param key the issuer's current key for the token; it permits the token's algorithm
     */
    boolean verifies(UnverifiedToken token, String hash, VerificationKey key) {
        if (key.equals(keyByTokenHash.getIfPresent(hash))) {
            return true;
        }
        checks.increment();
        boolean good = token.isSignedBy(key);
        if (good) {
            keyByTokenHash.put(hash, key);
        }
        return good;
    }

    long checks() {
        return checks.sum();
    }

    long size() {
        keyByTokenHash.cleanUp();
        return keyByTokenHash.estimatedSize();
    }
}
