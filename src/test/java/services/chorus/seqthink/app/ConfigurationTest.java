package services.chorus.seqthink.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import services.chorus.seqthink.cli.DoorFiles;
import services.chorus.seqthink.config.Variable;
import services.chorus.seqthink.http.GatewayConfig.Role;
import services.chorus.seqthink.mcp.Protocol;
import services.chorus.seqthink.testing.TestIssuer;

class ConfigurationTest {

    @TempDir Path folder;
    Map<String, String> environment;
    Judged judged;

    @BeforeEach
    void startFromAGoodOne() throws IOException {
        environment = DoorFiles.in(folder).environment();
        judged = new Judged(environment);
    }

    static Stream<String> everyVariable() {
        return Configuration.CATALOGUE.variables().stream().map(Variable::name);
    }

    @Test
    void usesDefaultsForUnsetValues() {
        Configuration.Usable usable = judged.usable();

        assertThat(usable.gateway().port()).isEqualTo(8443);
        assertThat(usable.gateway().bindAddress()).isEqualTo("0.0.0.0");
        assertThat(usable.gateway().publicUrl()).hasValue(URI.create(DoorFiles.PUBLIC_URL));
        assertThat(Role.acting(usable.gateway())).containsExactly(Role.DOOR);
        assertThat(usable.gateway().maxBodyMb()).isEqualTo(4);
        assertThat(usable.gateway().insecureDev()).isFalse();
        assertThat(usable.sealing().requireBound()).isTrue();
        assertThat(usable.sealing().replayWindow()).isEqualTo(Duration.ofSeconds(60));
        assertThat(usable.policy().issuers()).hasValue(List.of(TestIssuer.ISSUER));
        assertThat(usable.policy().requiredScope()).isEqualTo("sequentialthinking.run");
        assertThat(usable.mcp().runsBuiltIn()).isTrue();
        assertThat(usable.mcp().timeout()).isEqualTo(Duration.ofMinutes(2));
        assertThat(usable.mcp().protocol()).isEqualTo(Protocol.AUTO);
        assertThat(usable.issuer().tokenTtl()).isEqualTo(Duration.ofMinutes(15));
    }

    @Test
    void readsEveryNotation() {
        environment.put("MCP_TIMEOUT", "500ms");
        environment.put("REPLAY_WINDOW", "2m");
        environment.put("ISSUER_TOKEN_TTL", "1h");
        environment.put("ROLES", "issuer, door");
        environment.putAll(DoorFiles.issuerEnvironment(folder));
        environment.put("ROLES", "issuer, door");
        environment.put("ISSUER_URL", "https://other.example");
        environment.put("MCP_PROTOCOL", "mcp");
        environment.put("MCP_LOCAL", "http://[::1]:8000");
        environment.put("JWT_ISSUER", "https://a.example, https://b.example");
        environment.put("KACHING_JWKS_URL", "https://a.example/jwks, https://b.example/jwks");
        environment.put("JWT_AUDIENCE", "one, two");

        Configuration.Usable usable = judged.usable();

        assertThat(usable.mcp().timeout()).isEqualTo(Duration.ofMillis(500));
        assertThat(usable.sealing().replayWindow()).isEqualTo(Duration.ofMinutes(2));
        assertThat(usable.issuer().tokenTtl()).isEqualTo(Duration.ofHours(1));
        assertThat(Role.acting(usable.gateway())).containsExactlyInAnyOrder(Role.DOOR, Role.ISSUER);
        assertThat(usable.mcp().protocol()).isEqualTo(Protocol.MCP);
        assertThat(usable.policy().jwksUrls().orElseThrow())
                .containsExactly(
                        URI.create("https://a.example/jwks"), URI.create("https://b.example/jwks"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "AGE_IDENT_PATH",
                "PUBLIC_URL",
                "KACHING_JWKS_URL",
                "JWT_ISSUER",
                "JWT_AUDIENCE"
            })
    void namesTheSecurityVariableThatIsMissing(String name) {
        environment.remove(name);

        assertThat(judged.faultyVariables()).containsExactly(name);
    }

    @ParameterizedTest
    @MethodSource("everyVariable")
    void namesTheVariableThatIsEmpty(String name) {
        environment.put(name, "");

        assertThat(judged.lines())
                .singleElement()
                .asString()
                .startsWith(name + " is set but empty: set ");
    }

    @ParameterizedTest
    @CsvSource({
        "PORT,65536",
        "PUBLIC_URL,door.example",
        "ALLOWED_HOSTS,https://door.example",
        "ALLOWED_ORIGINS,app.example",
        "TLS_REQUIRED,yes",
        "ROLES,window",
        "MAX_BODY_MB,0",
        "MAX_INFLIGHT_MB,lots",
        "LOG_LEVEL,trace",
        "LOG_JSON,yes",
        "INSECURE_DEV,1",
        "AGE_IDENT_PATH,/nowhere/door.key",
        "AGE_RECIPS_PATH,/nowhere/bare.pub",
        "DOOR_KEY_PATH,/nowhere/door.jwk",
        "REQUIRE_BOUND,no",
        "REPLAY_WINDOW,1h",
        "KACHING_JWKS_URL,issuer.example/jwks",
        "KACHING_JWKS_URL,http://issuer.example/jwks",
        "JWT_ISSUER,'https://a.example,'",
        "JWT_AUDIENCE,'one,two'",
        "JWKS_MAX_STALE,5m",
        "REQUIRED_SCOPE,two words",
        "TOOL_SCOPES,sequentialthinking",
        "MCP_LOCAL,127.0.0.1:8000",
        "MCP_LOCAL,http://mcp.example:8000",
        "MCP_EMBEDDED,maybe",
        "MCP_ALLOW_REMOTE,maybe",
        "MCP_TIMEOUT,120",
        "MCP_PROTOCOL,plain",
        "MCP_MAX_REPLY_MB,-1",
        "ISSUER_TOKEN_TTL,1d"
    })
    void reportsTheInvalidVariable(String name, String value) {
        environment.put(name, value);

        assertThat(judged.faultyVariables()).contains(name);
        assertThat(judged.lines())
                .allMatch(line -> line.contains(": ") && line.lines().count() == 1);
    }

    @Test
    void namesAllFaultsAtOnceAndEachOnce() {
        environment.remove("PUBLIC_URL");
        environment.put("AGE_IDENT_PATH", "");
        environment.put("MCP_TIMEOUT", "soon");
        environment.remove("JWT_AUDIENCE");
        environment.put("PORT", "");

        assertThat(judged.faultyVariables())
                .containsExactlyInAnyOrder(
                        "PORT", "AGE_IDENT_PATH", "MCP_TIMEOUT", "PUBLIC_URL", "JWT_AUDIENCE");
    }

    @Test
    void doesNotQuoteAnInvalidValue() {
        environment.put("PORT", "hunter2");
        environment.put("PUBLIC_URL", "https://user:hunter2@door.example");
        environment.put("REQUIRED_SCOPE", "hunter2 hunter2");

        assertThat(judged.lines()).hasSize(3).noneMatch(line -> line.contains("hunter2"));
    }

    @Test
    void rejectsSettingsOfOtherVersions() {
        environment.put("MCP_COMMAND", "server");
        environment.put("MCP_PLAIN", "allow");

        assertThat(judged.faultyVariables()).containsExactlyInAnyOrder("MCP_COMMAND", "MCP_PLAIN");
    }

    @Test
    void hasNoVariableThatItRejects() {
        assertThat(Configuration.CATALOGUE.variables())
                .extracting(Variable::name)
                .doesNotContainAnyElementsOf(Configuration.NOT_DONE);
    }
}
