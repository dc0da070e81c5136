package services.chorus.seqthink.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static services.chorus.seqthink.policy.TestDoor.KEY;

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

    private final TestDoor door = new TestDoor();

    @AfterEach
    void close() {
        door.close();
    }

    @Test
    void refusesAnExpiredToken() {
        String compact = door.token().signedBy(KEY);
        door.clock().advance(Duration.ofMinutes(5).plus(TokenVerifier.LEEWAY).minusSeconds(1));
        door.accepts(compact);

        door.clock().advance(Duration.ofSeconds(1));

        door.refuses(compact, Reason.EXPIRED);
    }

    @Test
    void refusesATokenThatIsNotYetValid() {
        Instant soon = door.clock().instant().plus(TokenVerifier.LEEWAY).plusSeconds(1);
        String compact = door.token().claim("nbf", soon.getEpochSecond()).signedBy(KEY);
        door.refuses(compact, Reason.NOT_YET_VALID);

        door.clock().advance(Duration.ofSeconds(1));

        door.accepts(compact);
    }

    @Test
    void saysWhichKeyATokenIsBoundTo() {
        String thumbprint = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I";

        assertThat(door.accepts(door.token()).boundTo()).isEmpty();
        assertThat(door.accepts(door.token().claim("cnf", Map.of("jkt", thumbprint))).boundTo())
                .contains(thumbprint);
    }

    @Test
    void refusesATokenThatIsBoundInAWayThatIsNotChecked() {
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
            door.refuses(door.token().claim("cnf", other), Reason.UNKNOWN_CONFIRMATION);
        }
    }

    @Test
    void refusesATokenWithoutExpiry() {
        door.refuses(door.token().without("exp"), Reason.NO_EXPIRY);
    }

    @Test
    void refusesTimesThatAreNoTimes() {
        for (Object time : Arrays.asList("soon", -1, 1e30, true, null, List.of(1))) {
            door.refuses(door.token().claim("exp", time), Reason.MALFORMED);
            door.refuses(door.token().claim("nbf", time), Reason.MALFORMED);
        }
    }

    @Test
    void takesAnExpiryWithAFraction() {
        double expiry = door.clock().instant().getEpochSecond() + 60.75;

        assertThat(door.accepts(door.token().claim("exp", expiry).signedBy(KEY)).expiresAt())
                .isEqualTo(door.clock().instant().plusSeconds(60));
    }

    @Test
    void refusesAWrongIssuer() {
        door.refuses(door.token().claim("iss", "https://other.example"), Reason.WRONG_ISSUER);
        door.refuses(door.token().claim("iss", TestToken.ISSUER + "/"), Reason.WRONG_ISSUER);
        door.refuses(door.token().without("iss"), Reason.WRONG_ISSUER);
        door.refuses(door.token().claim("iss", List.of(TestToken.ISSUER)), Reason.MALFORMED);
    }

    @Test
    void refusesAWrongAudience() {
        door.refuses(door.token().claim("aud", "https://other.example"), Reason.WRONG_AUDIENCE);
        door.refuses(door.token().claim("aud", List.of()), Reason.WRONG_AUDIENCE);
        door.refuses(door.token().without("aud"), Reason.WRONG_AUDIENCE);
        door.refuses(door.token().claim("aud", 7), Reason.MALFORMED);
        door.refuses(door.token().claim("aud", List.of(TestToken.AUDIENCE, 7)), Reason.MALFORMED);
    }

    @Test
    void takesAnAudienceAmongSeveral() {
        String compact =
                door.token()
                        .claim("aud", List.of("https://a.example", TestToken.AUDIENCE))
                        .signedBy(KEY);

        door.accepts(compact);
    }

    @Test
    void callsTheCallerByClientWhereThereIsNoSubject() {
        assertThat(
                        door.accepts(
                                        door.token()
                                                .without("sub")
                                                .claim("client_id", "c-1")
                                                .signedBy(KEY))
                                .caller())
                .isEqualTo(new Caller(TestToken.ISSUER, Caller.Kind.CLIENT, "c-1"));
    }

    @Test
    void refusesATokenThatNamesNoCaller() {
        door.refuses(door.token().without("sub"), Reason.NO_CALLER);
        door.refuses(door.token().without("sub").claim("client_id", ""), Reason.NO_CALLER);
        door.refuses(door.token().claim("sub", "").claim("client_id", "c-1"), Reason.NO_CALLER);
        door.refuses(door.token().claim("sub", null).claim("client_id", "c-1"), Reason.MALFORMED);
        door.refuses(door.token().claim("sub", 7), Reason.MALFORMED);
    }

    @Test
    void unitesTheScopesOfEveryClaim() {
        String compact =
                door.token()
                        .claim("scope", "a  b")
                        .claim("scp", List.of("b", "c"))
                        .claim("scopes", "d")
                        .signedBy(KEY);

        assertThat(door.accepts(compact).scopes()).isEqualTo(Set.of("a", "b", "c", "d"));
    }

    @Test
    void takesATokenWithoutScopes() {
        assertThat(door.accepts(door.token().without("scope").signedBy(KEY)).scopes()).isEmpty();
        assertThat(door.accepts(door.token().claim("scope", "").signedBy(KEY)).scopes()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"scope", "scp", "scopes"})
    void refusesScopesThatAreNone(String claim) {
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
            door.refuses(door.token().claim(claim, scopes), Reason.MALFORMED);
        }
    }

    @Test
    void refusesOtherClaimsOfTheWrongType() {
        door.refuses(door.token().claim("jti", 7), Reason.MALFORMED);
        door.refuses(door.token().claim("age_recipient", List.of("age1")), Reason.MALFORMED);
        door.refuses(door.token().header("kid", 7), Reason.MALFORMED);
    }
}
