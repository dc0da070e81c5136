package services.chorus.seqthink.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static services.chorus.seqthink.policy.TestGateway.KEY;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenClaimsTest {

    private final TestGateway gateway = new TestGateway();

    @AfterEach
    void close() {
        gateway.close();
    }

    @Test
    void refusesAnExpiredToken() {
        String compact = gateway.token().signedBy(KEY);
        gateway.clock().advance(Duration.ofMinutes(5).plus(TokenVerifier.LEEWAY).minusSeconds(1));
        gateway.accepts(compact);

        gateway.clock().advance(Duration.ofSeconds(1));

        gateway.refuses(compact, Reason.EXPIRED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nbf", "iat"})
    void refusesATokenThatIsNotYetValid(String claim) {
        Instant soon = gateway.clock().instant().plus(TokenVerifier.LEEWAY).plusSeconds(1);
        String compact = gateway.token().claim(claim, soon.getEpochSecond()).signedBy(KEY);
        gateway.refuses(compact, Reason.NOT_YET_VALID);

        gateway.clock().advance(Duration.ofSeconds(1));

        gateway.accepts(compact);
    }

    @Test
    void returnsTheThumbprintOfABoundToken() {
        String thumbprint = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I";

        assertThat(gateway.accepts(gateway.token()).boundTo()).isEmpty();
        assertThat(
                        gateway.accepts(gateway.token().claim("cnf", Map.of("jkt", thumbprint)))
                                .boundTo())
                .contains(thumbprint);
    }

    @Test
    void refusesAnUnsupportedConfirmation() {
        String thumbprint = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I";
        for (Object other :
                Arrays.asList(
                        null,
                        thumbprint,
                        List.of(thumbprint),
                        Map.of(),
                        Map.of("x5t#S256", thumbprint),
                        Map.of("jkt", thumbprint, "x5t#S256", thumbprint),
                        Map.of("jkt", thumbprint, "jwk", Map.of()),
                        Map.of("jkt", 7),
                        Map.of("jkt", ""),
                        Map.of("jkt", thumbprint + "="),
                        Map.of("jkt", "AAAA"))) {
            gateway.refuses(gateway.token().claim("cnf", other), Reason.UNKNOWN_CONFIRMATION);
        }
    }

    @Test
    void refusesATokenWithoutExpiry() {
        gateway.refuses(gateway.token().without("exp"), Reason.NO_EXPIRY);
    }

    @Test
    void refusesMalformedTimes() {
        for (Object time : Arrays.asList("soon", -1, 1e30, true, null, List.of(1))) {
            gateway.refuses(gateway.token().claim("exp", time), Reason.MALFORMED);
            gateway.refuses(gateway.token().claim("nbf", time), Reason.MALFORMED);
            gateway.refuses(gateway.token().claim("iat", time), Reason.MALFORMED);
        }
    }

    @Test
    void acceptsAnExpiryWithAFraction() {
        double expiry = gateway.clock().instant().getEpochSecond() + 60.75;

        assertThat(gateway.accepts(gateway.token().claim("exp", expiry).signedBy(KEY)).expiresAt())
                .isEqualTo(gateway.clock().instant().plusSeconds(60));
    }

    @Test
    void refusesAWrongIssuer() {
        gateway.refuses(gateway.token().claim("iss", "https://other.example"), Reason.WRONG_ISSUER);
        gateway.refuses(gateway.token().claim("iss", TestToken.ISSUER + "/"), Reason.WRONG_ISSUER);
        gateway.refuses(gateway.token().without("iss"), Reason.WRONG_ISSUER);
        gateway.refuses(gateway.token().claim("iss", List.of(TestToken.ISSUER)), Reason.MALFORMED);
    }

    @Test
    void refusesAWrongAudience() {
        gateway.refuses(
                gateway.token().claim("aud", "https://other.example"), Reason.WRONG_AUDIENCE);
        gateway.refuses(gateway.token().claim("aud", List.of()), Reason.WRONG_AUDIENCE);
        gateway.refuses(gateway.token().without("aud"), Reason.WRONG_AUDIENCE);
        gateway.refuses(gateway.token().claim("aud", 7), Reason.MALFORMED);
        gateway.refuses(
                gateway.token().claim("aud", List.of(TestToken.AUDIENCE, 7)), Reason.MALFORMED);
    }

    @Test
    void acceptsOneAudienceOfSeveral() {
        String compact =
                gateway.token()
                        .claim("aud", List.of("https://a.example", TestToken.AUDIENCE))
                        .signedBy(KEY);

        gateway.accepts(compact);
    }

    @Test
    void identifiesACallerWithoutSubjectByItsClient() {
        assertThat(
                        gateway.accepts(
                                        gateway.token()
                                                .without("sub")
                                                .claim("client_id", "c-1")
                                                .signedBy(KEY))
                                .caller())
                .isEqualTo(new Caller(TestToken.ISSUER, Caller.Kind.CLIENT, "c-1"));
    }

    @Test
    void refusesATokenWithoutCaller() {
        gateway.refuses(gateway.token().without("sub"), Reason.NO_CALLER);
        gateway.refuses(gateway.token().without("sub").claim("client_id", ""), Reason.NO_CALLER);
        gateway.refuses(
                gateway.token().claim("sub", "").claim("client_id", "c-1"), Reason.NO_CALLER);
        gateway.refuses(
                gateway.token().claim("sub", null).claim("client_id", "c-1"), Reason.MALFORMED);
        gateway.refuses(gateway.token().claim("sub", 7), Reason.MALFORMED);
    }

    @Test
    void mergesTheScopesOfAllScopeClaims() {
        String compact =
                gateway.token()
                        .claim("scope", "a  b")
                        .claim("scp", List.of("b", "c"))
                        .claim("scopes", "d")
                        .signedBy(KEY);

        assertThat(gateway.accepts(compact).scopes()).isEqualTo(Set.of("a", "b", "c", "d"));
    }

    @Test
    void acceptsATokenWithoutScopes() {
        assertThat(gateway.accepts(gateway.token().without("scope").signedBy(KEY)).scopes())
                .isEmpty();
        assertThat(gateway.accepts(gateway.token().claim("scope", "").signedBy(KEY)).scopes())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"scope", "scp", "scopes"})
    void refusesInvalidScopes(String claim) {
        for (Object scopes :
                Arrays.asList(
                        7,
                        null,
                        Map.of("a", true),
                        List.of("a", 7),
                        List.of("a b"),
                        List.of(""),
                        "a\tb",
                        "a\"b",
                        "ä")) {
            gateway.refuses(gateway.token().claim(claim, scopes), Reason.MALFORMED);
        }
    }

    @Test
    void refusesOtherClaimsOfTheWrongType() {
        gateway.refuses(gateway.token().claim("jti", 7), Reason.MALFORMED);
        gateway.refuses(gateway.token().claim("age_recipient", List.of("age1")), Reason.MALFORMED);
        gateway.refuses(gateway.token().header("kid", 7), Reason.MALFORMED);
    }
}
