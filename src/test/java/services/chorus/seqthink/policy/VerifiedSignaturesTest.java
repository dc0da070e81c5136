package services.chorus.seqthink.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import services.chorus.seqthink.policy.KeyLookup.Found;
import services.chorus.seqthink.policy.Reason.Refusal;

class VerifiedSignaturesTest {

    private static final SigningKey KEY = SigningKey.rsa("key-1");
    private static final String TOKEN = TestToken.at(Instant.now()).signedBy(KEY);

    private final AtomicLong nanos = new AtomicLong();
    private final VerifiedSignatures signatures = new VerifiedSignatures(nanos::get);

    /** The key of a new fetch: equal to the previous one, but another object. */
    private static VerificationKey fetched(SigningKey key) {
        try {
            Found found =
                    (Found)
                            VerificationKeys.parse(SigningKey.jwks(key))
                                    .find(Optional.of(key.keyId()), SignatureAlgorithm.RS256);
            return found.key();
        } catch (FetchException e) {
            throw new AssertionError(e);
        }
    }

    private boolean verifies(String token, String hash, VerificationKey key) throws Refusal {
        return signatures.verifies(UnverifiedToken.parse(token), hash, key);
    }

    @Test
    void verifiesATokenOnceInAMinute() throws Refusal {
        VerificationKey key = fetched(KEY);
        assertThat(verifies(TOKEN, "hash", key)).isTrue();
        nanos.addAndGet(Duration.ofSeconds(60).toNanos() - 1);
        assertThat(verifies(TOKEN, "hash", key)).isTrue();
        assertThat(signatures.checks()).isEqualTo(1);

        nanos.addAndGet(1);

        assertThat(verifies(TOKEN, "hash", key)).isTrue();
        assertThat(signatures.checks()).isEqualTo(2);
    }

    @Test
    void recognizesTheKeyAfterAnotherFetch() throws Refusal {
        assertThat(verifies(TOKEN, "hash", fetched(KEY))).isTrue();
        assertThat(verifies(TOKEN, "hash", fetched(KEY))).isTrue();

        assertThat(signatures.checks()).isEqualTo(1);
    }

    @Test
    void rejectsASignatureByAnotherKeyWithTheSameKid() throws Refusal {
        assertThat(verifies(TOKEN, "hash", fetched(KEY))).isTrue();

        assertThat(verifies(TOKEN, "hash", fetched(SigningKey.rsa("key-1")))).isFalse();
    }

    @Test
    void doesNotCacheABadSignature() throws Refusal {
        String forged = TestToken.at(Instant.now()).signedBy(SigningKey.rsa("key-1"));

        assertThat(verifies(forged, "hash", fetched(KEY))).isFalse();
        assertThat(verifies(forged, "hash", fetched(KEY))).isFalse();

        assertThat(signatures.checks()).isEqualTo(2);
        assertThat(signatures.size()).isZero();
    }

    @Test
    void cachesABoundedNumber() throws Refusal {
        VerificationKey key = fetched(KEY);
        for (int i = 0; i < VerifiedSignatures.MOST + 100; i++) {
            assertThat(verifies(TOKEN, "hash-" + i, key)).isTrue();
        }

        assertThat(signatures.size()).isEqualTo(VerifiedSignatures.MOST);
    }
}
