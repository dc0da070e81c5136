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
    private static final String REST =
            "scope=\"sequentialthinking.run\","
                    + " resource_metadata="
                    + "\"https://door.example/.well-known/oauth-protected-resource\"";

    private final Challenge challenge =
            new Challenge("seqthink", "sequentialthinking.run", METADATA);

    @Test
    void namesNoErrorWhenNoTokenWasSent() {
        assertThat(challenge.withoutToken()).isEqualTo("Bearer realm=\"seqthink\", " + REST);
    }

    @Test
    void saysWhyATokenIsRefused() {
        assertThat(challenge.invalidToken(Reason.EXPIRED))
                .isEqualTo(
                        "Bearer realm=\"seqthink\", error=\"invalid_token\","
                                + " error_description=\"The access token expired\", "
                                + REST);
    }

    @Test
    void namesTheScopeThatIsMissing() {
        assertThat(challenge.insufficientScope("tools.delete"))
                .startsWith("Bearer realm=\"seqthink\", error=\"insufficient_scope\",")
                .contains("scope=\"tools.delete\"")
                .doesNotContain("sequentialthinking.run");
    }

    /** RFC 6750 section 3: error_description holds %x20-21 / %x23-5B / %x5D-7E. */
    @ParameterizedTest
    @EnumSource
    void describesEveryReasonInTheCharactersAllowed(Reason reason) {
        assertThat(reason.description()).matches("[\\x20-\\x21\\x23-\\x5B\\x5D-\\x7E]+");
    }

    @Test
    void quotesTheRealm() {
        assertThat(new Challenge("a \"b\" \\c", "s", METADATA).withoutToken())
                .startsWith("Bearer realm=\"a \\\"b\\\" \\\\c\", scope=\"s\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "two words", "quo\"te", "back\\slash", "line\r\nbreak", "\u00e9"})
    void refusesAScopeThatIsNone(String scope) {
        assertThatIllegalArgumentException().isThrownBy(() -> challenge.insufficientScope(scope));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Challenge("seqthink", scope, METADATA));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "line\r\nbreak", "\u00e9"})
    void refusesARealmThatCannotBeSent(String realm) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Challenge(realm, "s", METADATA));
    }
}
