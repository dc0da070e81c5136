package services.chorus.seqthink.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static services.chorus.seqthink.policy.TestGateway.KEY;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenFormTest {

    private final TestGateway gateway = new TestGateway();

    @AfterEach
    void close() {
        gateway.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"JWT", "jwt", "at+jwt", "AT+JWT", "application/at+jwt"})
    void acceptsTheTypesOfAccessTokens(String type) {
        gateway.accepts(gateway.token().header("typ", type).signedBy(KEY));
    }

    @Test
    void acceptsATokenWithoutType() {
        gateway.accepts(gateway.token().withoutHeader("typ").signedBy(KEY));
    }

    @ParameterizedTest
    @ValueSource(strings = {"logout+jwt", "dpop+jwt", "JWS", "", "jwt "})
    void refusesOtherTypes(String type) {
        gateway.refuses(gateway.token().header("typ", type), Reason.UNSUPPORTED_TOKEN);
    }

    @Test
    void refusesCriticalExtensions() {
        gateway.refuses(gateway.token().header("crit", List.of("exp")), Reason.UNSUPPORTED_TOKEN);
        gateway.refuses(gateway.token().header("crit", List.of()), Reason.UNSUPPORTED_TOKEN);
        gateway.refuses(gateway.token().header("b64", false), Reason.UNSUPPORTED_TOKEN);
    }

    @Test
    void refusesAnEncryptedToken() {
        String header = TestToken.encoded("{\"alg\":\"dir\"}".getBytes(StandardCharsets.UTF_8));

        gateway.refuses(header + "..AAAA.AAAA.AAAA", Reason.UNSUPPORTED_TOKEN);
    }

    @Test
    void refusesATokenThatIsTooLong() {
        int room = 16 * 1024 - gateway.token().claim("pad", "").signedBy(KEY).length();
        String longest = gateway.token().claim("pad", "x".repeat(room * 3 / 4 - 2)).signedBy(KEY);
        assertThat(longest).hasSizeBetween(16 * 1024 - 8, 16 * 1024);
        gateway.accepts(longest);

        gateway.refuses(gateway.token().claim("pad", "x".repeat(room)), Reason.MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "...", "a.b", "a.b.c", "e30.e30.", "e30.e30.AA=="})
    void refusesTextThatIsNotAToken(String compact) {
        gateway.refuses(compact, Reason.MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "null",
                "7",
                "{",
                "{} {}",
                "{\"iss\":\"https://issuer.example\",\"iss\":\"https://other.example\"}",
                "{\"a\":{\"b\":1,\"b\":2}}"
            })
    void refusesAPayloadThatIsNotAPlainObject(String payload) {
        String header = "{\"alg\":\"RS256\",\"kid\":\"key-1\"}";

        gateway.refuses(TestToken.compact(header, payload, KEY::sign), Reason.MALFORMED);
    }

    @Test
    void refusesAPayloadNestedTooDeep() {
        String payload = "{\"a\":" + "[".repeat(5000) + "]".repeat(5000) + "}";

        gateway.refuses(
                TestToken.compact("{\"alg\":\"RS256\"}", payload, KEY::sign), Reason.MALFORMED);
    }

    @Test
    void refusesAHeaderWithADuplicateKey() {
        String header = "{\"alg\":\"RS256\",\"kid\":\"key-1\",\"alg\":\"none\"}";

        gateway.refuses(TestToken.compact(header, "{}", KEY::sign), Reason.MALFORMED);
    }

    @Test
    void refusesASignatureThatIsNotCanonicalBase64url() {
        String compact =
                gateway.token().signedBy(KEY); // 256 bytes leave spare bits in the last digit
        String other = compact.substring(0, compact.length() - 1) + nextDigit(compact);

        gateway.refuses(other, Reason.MALFORMED);
        gateway.refuses(compact + "==", Reason.MALFORMED);
    }

    private static char nextDigit(String compact) {
        String digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        return digits.charAt(digits.indexOf(compact.charAt(compact.length() - 1)) + 1);
    }
}
