package services.chorus.seqthink.issuer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import services.chorus.seqthink.config.Fault;
import services.chorus.seqthink.config.Variable;
import services.chorus.seqthink.testing.AgeKey;

class IssuerCheckTest {

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
        assertThat(IssuerCheck.faults(complete(url))).isEmpty();
    }

    @Test
    void namesEachMissingVariableOnce() {
        assertThat(IssuerCheck.faults(IssuerConfigs.of(Map.of())))
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
        assertThat(IssuerCheck.faults(complete(url)))
                .singleElement()
                .satisfies(fault -> assertThat(fault.variable()).isEqualTo("ISSUER_URL"));
    }

    @Test
    void limitsTheLifetimeOfTokens() {
        Variable ttl =
                IssuerConfig.SECTION.variables().stream()
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

    @Test
    void requiresAGraceThatCoversTokenAndCacheLifetimes() {
        assertThat(faultsWith("grace", Duration.ofMinutes(20))).isEmpty();
        assertThat(faultsWith("grace", Duration.ofMinutes(20).minusSeconds(1)))
                .singleElement()
                .satisfies(fault -> assertThat(fault.line()).contains("ISSUER_GRACE", "1200s"));
        assertThat(faultsWith("tokenTtl", Duration.ofHours(24)))
                .extracting(Fault::variable)
                .containsExactly("ISSUER_GRACE");
    }

    @Test
    void requiresARotationLongerThanLeadAndGrace() {
        Duration least = Duration.ofHours(24).plusMinutes(7);

        assertThat(faultsWith("rotation", least)).isEmpty();
        assertThat(faultsWith("rotation", least.minusSeconds(1)))
                .singleElement()
                .satisfies(fault -> assertThat(fault.line()).contains("ISSUER_ROTATION", "86820s"));
    }

    @Test
    void requiresAValidIdentitiesFile(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("identities.txt");
        assertThat(faultsWith("identityPath", Optional.of(file)))
                .extracting(Fault::variable)
                .containsExactly("ISSUER_IDENTITY_PATH");

        Files.writeString(file, "not an identity");
        assertThat(faultsWith("identityPath", Optional.of(file)))
                .singleElement()
                .satisfies(
                        fault ->
                                assertThat(fault.line())
                                        .contains("ISSUER_IDENTITY_PATH", "broken")
                                        .doesNotContain("not an identity"));

        Files.writeString(file, AgeKey.generate().secret());
        assertThat(faultsWith("identityPath", Optional.of(file))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "ISSUER_ROTATION, 7d, 59m",
        "ISSUER_GRACE, 24h, 91d",
        "ISSUER_JWKS_MAX_AGE, 5m, 61m",
        "ISSUER_ALGORITHM, RS256, HS256",
        "ISSUER_ALGORITHM, EdDSA, none"
    })
    void checksEachValue(String name, String good, String bad) {
        Variable variable =
                IssuerConfig.SECTION.variables().stream()
                        .filter(known -> known.name().equals(name))
                        .findFirst()
                        .orElseThrow();

        assertThat(variable.fault(good)).isEmpty();
        assertThat(variable.fault(bad)).isPresent();
    }

    private static List<Fault> faultsWith(String name, Object value) {
        return IssuerCheck.faults(with(name, value));
    }

    private static IssuerConfig complete(String url) {
        return with("url", Optional.of(url));
    }

    private static IssuerConfig with(String name, Object value) {
        return IssuerConfigs.complete(Path.of("folder"), Map.of(name, value));
    }
}
