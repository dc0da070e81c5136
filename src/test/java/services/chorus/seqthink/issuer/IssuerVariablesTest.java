package services.chorus.seqthink.issuer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import services.chorus.seqthink.settings.Fault;
import services.chorus.seqthink.settings.Variable;

class IssuerVariablesTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://tokens.example",
                "https://tokens.example:8443",
                "http://127.0.0.1:9000",
                "http://localhost:9000",
                "http://[::1]:9000"
            })
    void findsNoFaultInACompleteConfiguration(String url) {
        assertThat(IssuerVariables.faults(complete(url))).isEmpty();
    }

    @Test
    void namesEachMissingVariableOnce() {
        assertThat(IssuerVariables.faults(IssuerConfigs.of(Map.of())))
                .extracting(Fault::variable)
                .containsExactly(
                        "ISSUER_URL", "ISSUER_AUDIENCE", "ISSUER_KEYS_PATH", "ISSUER_CLIENTS_PATH");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://tokens.example",
                "http://127.0.0.1.tokens.example",
                "ftp://127.0.0.1",
                "https://tokens.example/",
                "https://tokens.example/issuer",
                "https:tokens.example",
                "no url"
            })
    void refusesAnUnfitUrl(String url) {
        assertThat(IssuerVariables.faults(complete(url)))
                .singleElement()
                .satisfies(fault -> assertThat(fault.variable()).isEqualTo("ISSUER_URL"));
    }

    @Test
    void boundsTheLifeOfTokens() {
        Variable ttl =
                IssuerVariables.all().stream()
                        .filter(variable -> variable.name().equals("ISSUER_TOKEN_TTL"))
                        .findFirst()
                        .orElseThrow();

        assertThat(ttl.defaultValue()).isEqualTo("15m");
        assertThat(ttl.fault(ttl.defaultValue())).isEmpty();
        assertThat(ttl.fault("1m")).isEmpty();
        assertThat(ttl.fault("1h")).isEmpty();
        assertThat(ttl.fault("59s")).isPresent();
        assertThat(ttl.fault("61m")).isPresent();
    }

    private static IssuerConfig complete(String url) {
        return with("url", Optional.of(url));
    }

    private static IssuerConfig with(String name, Object value) {
        return IssuerConfigs.complete(Path.of("folder"), Map.of(name, value));
    }
}
