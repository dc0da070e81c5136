package services.chorus.seqthink.issuer.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.keys.resolvers.JwksVerificationKeyResolver;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import services.chorus.seqthink.testing.HandMovedClock;

/** No verifier may notice a rotation, with the shortest times that can be configured. */
class TwoCyclesTest {

    private static final Duration TOKEN_TTL = Duration.ofMinutes(15);
    private static final Duration MAX_AGE = Duration.ofMinutes(5);
    private static final Duration ROTATION = Duration.ofHours(1);
    private static final Duration GRACE = TOKEN_TTL.plus(MAX_AGE);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final HandMovedClock clock = new HandMovedClock();
    private final Instant begin = clock.instant();

    @TempDir private Path folder;

    /** A token and when it expires. */
    private record Issued(String token, Instant end) {}

    /** A verifier that fetches the keys only when its cached ones expire. */
    private final class Verifier {

        private JsonWebKeySet jwks;
        private Instant fetchedAt;

        Verifier(SigningKeys keys, Instant fetchedAt) throws JoseException {
            this.jwks = new JsonWebKeySet(keys.jwks());
            this.fetchedAt = fetchedAt;
        }

        void refresh(SigningKeys keys) throws JoseException {
            if (!clock.instant().isBefore(fetchedAt.plus(MAX_AGE))) {
                jwks = new JsonWebKeySet(keys.jwks());
                fetchedAt = clock.instant();
            }
        }

        void verify(Issued issued) throws InvalidJwtException {
            new JwtConsumerBuilder()
                    .setVerificationKeyResolver(
                            new JwksVerificationKeyResolver(jwks.getJsonWebKeys()))
                    .setRequireExpirationTime()
                    .setEvaluationTime(NumericDate.fromSeconds(clock.instant().getEpochSecond()))
                    .build()
                    .processToClaims(issued.token());
        }
    }

    @ParameterizedTest
    @EnumSource
    void verifiesEveryTokenAtEveryMinuteWithFullyCachedKeys(KeyAlgorithm algorithm)
            throws Exception {
        SigningKeys keys =
                SigningKeys.open(
                        folder.resolve("keys.json"),
                        new KeyPlan(algorithm, ROTATION, KeyPlan.lead(MAX_AGE), GRACE),
                        KeyStorage.clear(),
                        clock);
        String first = keys.current().kid();
        List<Verifier> verifiers = new ArrayList<>();
        // each minute another one fetches the keys
        for (int minute = 0; minute < MAX_AGE.toMinutes(); minute++) {
            verifiers.add(new Verifier(keys, begin.minus(MINUTE.multipliedBy(minute))));
        }
        Set<String> signers = new HashSet<>();
        List<Issued> unexpired = new ArrayList<>();

        Instant end = begin.plus(ROTATION.multipliedBy(2)).plus(GRACE).plus(MINUTE);
        for (; clock.instant().isBefore(end); clock.advance(MINUTE)) {
            // before the keys change, which is the worst case for this verifier
            for (Verifier verifier : verifiers) {
                verifier.refresh(keys);
            }
            keys.maintain();
            signers.add(keys.current().kid());
            unexpired.add(issue(keys));
            unexpired.removeIf(issued -> !clock.instant().isBefore(issued.end()));
            for (Verifier verifier : verifiers) {
                for (Issued issued : unexpired) {
                    verifier.verify(issued);
                }
            }
        }

        assertThat(signers).hasSize(3).contains(first);
        assertThat(keys.jwks()).doesNotContain(first);
        assertThat(unexpired).hasSize((int) TOKEN_TTL.toMinutes());
    }

    private Issued issue(SigningKeys keys) {
        Instant end = clock.instant().plus(TOKEN_TTL);
        JwtClaims claims = new JwtClaims();
        claims.setExpirationTime(NumericDate.fromSeconds(end.getEpochSecond()));
        return new Issued(keys.sign("at+jwt", claims.toJson()), end);
    }
}
