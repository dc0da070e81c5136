package services.chorus.seqthink.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import services.chorus.seqthink.policy.Verdict.Accepted;
import services.chorus.seqthink.policy.Verdict.Refused;

/** Two issuers, one of the lists and one of the table, whose keys have the same {@code kid}. */
class SeveralIssuersTest {

    private static final String A = "https://a.example";
    private static final String B = "https://b.example";

    private final MutableClock clock = new MutableClock();
    private final SigningKey keyOfA = SigningKey.ec("same");
    private final SigningKey keyOfB = SigningKey.ec("same");
    private final SigningKey rsaOfB = SigningKey.rsa("rsa");
    private final JwksServer serverOfA = new JwksServer(SigningKey.jwks(keyOfA));
    private final JwksServer serverOfB = new JwksServer(SigningKey.jwks(keyOfB, rsaOfB));
    private final List<TrustedIssuer> issuers =
            IssuerSettings.from(settings(), Optional.empty()).stream().map(this::trusted).toList();
    private final TokenVerifier verifier = new TokenVerifier(issuers, clock);

    private PolicyConfig settings() {
        return PolicySettings.with(
                Map.of(
                        "seqthink.policy.issuers",
                        A,
                        "seqthink.policy.audiences",
                        "door-a",
                        "seqthink.policy.jwks-urls",
                        serverOfA.url().toString(),
                        "seqthink.policy.issuer[0].name",
                        B,
                        "seqthink.policy.issuer[0].audience",
                        "door-b",
                        "seqthink.policy.issuer[0].jwks-url",
                        serverOfB.url().toString(),
                        "seqthink.policy.issuer[0].algorithms",
                        "ES256"));
    }

    private TrustedIssuer trusted(IssuerSettings settings) {
        KeySource source =
                JwksServer.source(settings.jwksUrl().orElseThrow(), HttpKeySource.TIMEOUT);
        return new TrustedIssuer(
                settings, KeySet.open(settings.issuer(), source, KeySet.MAX_STALE, clock));
    }

    @AfterEach
    void close() {
        verifier.close();
        serverOfA.close();
        serverOfB.close();
    }

    private String token(String issuer, String audience, SigningKey key) {
        return TestToken.at(clock.instant())
                .claim("iss", issuer)
                .claim("aud", audience)
                .signedBy(key);
    }

    private Verdict verdict(String issuer, String audience, SigningKey key) {
        return verifier.verify(token(issuer, audience, key));
    }

    @Test
    void acceptsTokensOfBoth() {
        assertThat(verdict(A, "door-a", keyOfA)).isInstanceOf(Accepted.class);
        assertThat(verdict(B, "door-b", keyOfB)).isInstanceOf(Accepted.class);
    }

    @ParameterizedTest
    @CsvSource({
        "https://a.example, door-a, B, BAD_SIGNATURE",
        "https://a.example, door-b, A, WRONG_AUDIENCE",
        "https://a.example, door-b, B, WRONG_AUDIENCE",
        "https://b.example, door-b, A, BAD_SIGNATURE",
        "https://b.example, door-a, B, WRONG_AUDIENCE",
        "https://b.example, door-a, A, WRONG_AUDIENCE"
    })
    void rejectsTokensOfOneInTheNameOfTheOther(
            String issuer, String audience, String signer, Reason reason) {
        SigningKey key = "A".equals(signer) ? keyOfA : keyOfB;
        String token = token(issuer, audience, key);

        for (int i = 0; i < 3; i++) {
            assertThat(verdict(A, "door-a", keyOfA)).isInstanceOf(Accepted.class);
            assertThat(verdict(B, "door-b", keyOfB)).isInstanceOf(Accepted.class);
            assertThat(verifier.verify(token)).isEqualTo(new Refused(reason));
        }
    }

    @Test
    void usesNoCachedSignatureForTheOther() {
        String ofA = token(A, "door-a", keyOfA);
        String ofB = token(B, "door-b", keyOfB);
        for (int i = 0; i < 3; i++) {
            assertThat(verifier.verify(ofA)).isInstanceOf(Accepted.class);
            assertThat(verifier.verify(ofB)).isInstanceOf(Accepted.class);

            assertThat(verifier.verify(withSignatureOf(ofA, ofB)))
                    .isEqualTo(new Refused(Reason.BAD_SIGNATURE));
            assertThat(verifier.verify(withSignatureOf(ofB, ofA)))
                    .isEqualTo(new Refused(Reason.BAD_SIGNATURE));
        }
        // each valid one once, each invalid one every time
        assertThat(verifier.signatureChecks()).isEqualTo(2 + 2 * 3);
    }

    private static String withSignatureOf(String token, String other) {
        return token.substring(0, token.lastIndexOf('.')) + other.substring(other.lastIndexOf('.'));
    }

    @Test
    void usesEachIssuersOwnKeysOnly() {
        assertThat(verdict(A, "door-a", rsaOfB)).isEqualTo(new Refused(Reason.UNKNOWN_KEY));
    }

    @Test
    void restrictsEachIssuerToItsAlgorithms() {
        assertThat(verdict(B, "door-b", rsaOfB))
                .isEqualTo(new Refused(Reason.ALGORITHM_NOT_ALLOWED));
        assertThat(verdict(A, "door-a", keyOfA)).isInstanceOf(Accepted.class);
    }

    @Test
    void verifiesTokensOfOneWhileTheOtherIsUnavailable() {
        assertThat(verdict(A, "door-a", keyOfA)).isInstanceOf(Accepted.class);
        serverOfB.hang();

        SigningKey fresh = SigningKey.ec("fresh");
        serverOfA.serve(SigningKey.jwks(keyOfA, fresh));

        assertThat(verdict(A, "door-a", fresh)).isInstanceOf(Accepted.class);
    }

    @Test
    void distinguishesCallersWithTheSameSubject() {
        Accepted ofA = (Accepted) verdict(A, "door-a", keyOfA);
        Accepted ofB = (Accepted) verdict(B, "door-b", keyOfB);

        assertThat(ofA.token().caller().name()).isEqualTo(ofB.token().caller().name());
        assertThat(ofA.token().caller()).isNotEqualTo(ofB.token().caller());
    }

    @Test
    void refusesADuplicateIssuer() {
        TrustedIssuer issuer = issuers.getFirst();

        assertThatIllegalStateException()
                .isThrownBy(() -> new TokenVerifier(List.of(issuer, issuer), clock));
    }
}
