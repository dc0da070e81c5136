package services.chorus.seqthink.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChallengeTest {

    private static final URI METADATA =
            URI.create("https://door.example/.well-known/oauth-protected-resource");
    private static final String SCOPE = "scope=\"sequentialthinking.run\"";
    private static final String ALGORITHMS =
            "algs=\"RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA Ed25519\"";
    private static final String REST =
            "resource_metadata=\"https://door.example/.well-known/oauth-protected-resource\"";
    private static final String EXPIRED =
            "error=\"invalid_token\", error_description=\"The access token expired\"";

    private final Challenge challenge = challenge(false);
    private final Challenge withProofsOnly = challenge(true);

    private static Challenge challenge(boolean proofRequired) {
        return new Challenge("sequentialthinking.run", METADATA, proofRequired);
    }

    /** The challenges of each scheme; one has the error. */
    private static String bearer(String error) {
        return "Bearer realm=\"seqthink\", " + error + SCOPE + ", " + REST;
    }

    private static String dpop(String error) {
        return "DPoP realm=\"seqthink\", " + error + SCOPE + ", " + ALGORITHMS + ", " + REST;
    }

    @Test
    void namesNoErrorWhenNoTokenWasSent() {
        assertThat(challenge.withoutToken()).isEqualTo(bearer("") + ", " + dpop(""));
        assertThat(withProofsOnly.withoutToken()).isEqualTo(dpop(""));
    }

    @Test
    void givesTheReasonInTheChallengeOfTheUsedScheme() {
        String error = EXPIRED + ", ";

        assertThat(challenge.invalidToken(Scheme.BEARER, Reason.EXPIRED))
                .isEqualTo(bearer(error) + ", " + dpop(""));
        assertThat(challenge.invalidToken(Scheme.DPOP, Reason.EXPIRED))
                .isEqualTo(bearer("") + ", " + dpop(error));
        assertThat(withProofsOnly.invalidToken(Scheme.BEARER, Reason.EXPIRED))
                .isEqualTo(dpop(error));
    }

    @Test
    void givesTheReasonForARejectedProof() {
        assertThat(challenge.invalidProof("It is stale"))
                .isEqualTo(
                        bearer("")
                                + ", "
                                + dpop(
                                        "error=\"invalid_dpop_proof\","
                                                + " error_description=\"It is stale\", "));
    }

    @Test
    void namesTheMissingScope() {
        assertThat(challenge.insufficientScope(Scheme.BEARER, "tools.delete"))
                .startsWith("Bearer realm=\"seqthink\", error=\"insufficient_scope\",")
                .contains("scope=\"tools.delete\"")
                .doesNotContain("sequentialthinking.run");
        assertThat(challenge.insufficientScope(Scheme.DPOP, "tools.delete"))
                .startsWith("DPoP realm=\"seqthink\", error=\"insufficient_scope\",")
                .contains("scope=\"tools.delete\"")
                .doesNotContain("sequentialthinking.run", "Bearer");
    }

    /** RFC 6750 section 3: error_description holds %x20-21 / %x23-5B / %x5D-7E. */
    @ParameterizedTest
    @EnumSource
    void describesEveryReasonInTheCharactersAllowed(Reason reason) {
        assertThat(reason.description()).matches("[\\x20-\\x21\\x23-\\x5B\\x5D-\\x7E]+");
    }

    @Test
    void quotesTheDescription() {
        assertThat(challenge.invalidProof("a \"b\" \\c"))
                .contains("error_description=\"a \\\"b\\\" \\\\c\", scope=");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "two words", "quo\"te", "back\\slash", "line\r\nbreak", "\u00e9"})
    void refusesAnInvalidScope(String scope) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> challenge.insufficientScope(Scheme.BEARER, scope));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Challenge(scope, METADATA, false));
    }
}
