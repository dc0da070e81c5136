package services.chorus.seqthink.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import services.chorus.seqthink.policy.Verdict.Accepted;
import services.chorus.seqthink.policy.Verdict.Refused;

class SeveralIssuersTest {

    private static final String A = "https://a.example";
    private static final String B = "https://b.example";

    private final MutableClock clock = new MutableClock();
    private final SigningKey keyOfA = SigningKey.ec("same");
    private final SigningKey keyOfB = SigningKey.ec("same");
    private final KeySet keysOfA = keys(A, keyOfA);
    private final KeySet keysOfB = keys(B, keyOfB);
    private final TokenVerifier verifier =
            new TokenVerifier(
                    List.of(
                            new TrustedIssuer(A, "door-a", keysOfA),
                            new TrustedIssuer(B, "door-b", keysOfB)),
                    clock);

    private KeySet keys(String issuer, SigningKey key) {
        return KeySet.open(
                issuer,
                () -> new KeySource.Document(SigningKey.jwks(key), Optional.empty()),
                KeySet.MAX_STALE,
                clock);
    }

    @AfterEach
    void close() {
        keysOfA.close();
        keysOfB.close();
    }

    private Verdict verdict(String issuer, String audience, SigningKey key) {
        return verifier.verify(
                TestToken.at(clock.instant())
                        .claim("iss", issuer)
                        .claim("aud", audience)
                        .signedBy(key));
    }

    @Test
    void takesTheTokensOfEach() {
        assertThat(verdict(A, "door-a", keyOfA)).isInstanceOf(Accepted.class);
        assertThat(verdict(B, "door-b", keyOfB)).isInstanceOf(Accepted.class);
    }

    @Test
    void letsNoIssuerSpeakInTheNameOfAnother() {
        assertThat(verdict(A, "door-a", keyOfB)).isEqualTo(new Refused(Reason.BAD_SIGNATURE));
        assertThat(verdict(B, "door-b", keyOfA)).isEqualTo(new Refused(Reason.BAD_SIGNATURE));
    }

    @Test
    void asksEachForItsOwnAudience() {
        assertThat(verdict(A, "door-b", keyOfA)).isEqualTo(new Refused(Reason.WRONG_AUDIENCE));
        assertThat(verdict(B, "door-a", keyOfB)).isEqualTo(new Refused(Reason.WRONG_AUDIENCE));
    }

    @Test
    void keepsTheirCallersApart() {
        Accepted ofA = (Accepted) verdict(A, "door-a", keyOfA);
        Accepted ofB = (Accepted) verdict(B, "door-b", keyOfB);

        assertThat(ofA.token().caller().name()).isEqualTo(ofB.token().caller().name());
        assertThat(ofA.token().caller()).isNotEqualTo(ofB.token().caller());
    }

    @Test
    void trustsNoneTwice() {
        TrustedIssuer issuer = new TrustedIssuer(A, "door-a", keysOfA);

        assertThatIllegalStateException()
                .isThrownBy(() -> new TokenVerifier(List.of(issuer, issuer), clock));
    }
}
