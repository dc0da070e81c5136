package services.chorus.seqthink.policy;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/**
 * Signatures found good a moment ago, so that a token which comes often is not checked with a
 * public key each time. Remembers which key verified which token, by the token's SHA-256; that
 * counts only for a caller who shows the same key again, by its value and not by its name, and so
 * ends when the issuer takes the key away or puts another in its place. Nothing else of a token is
 * remembered. Bounded; safe for use by several threads.
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
     * @param ticker a time that nobody sets back
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
     * Whether the token's signature is this key's.
     *
     * @param hash unpadded base64url SHA-256 of the compact token
     * @param key the one that is in force for the token now, and permits its algorithm
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

    /** How many signatures were checked, not remembered. */
    long checks() {
        return checks.sum();
    }

    /** How many are remembered. */
    long size() {
        keyByTokenHash.cleanUp();
        return keyByTokenHash.estimatedSize();
    }
}
