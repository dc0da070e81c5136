package services.chorus.seqthink.policy.opaque;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import services.chorus.seqthink.config.Fault;

class OpaqueConfigTest {

    @TempDir Path folder;
    private Map<String, String> introspecting;
    private final Map<String, String> validating =
            new HashMap<>(
                    Map.of(
                            "VALIDATE_URL", "https://tokens.example/v1/token/validate",
                            "OPAQUE_ISSUER", "opaque",
                            "ROLE_SCOPES", "admin=*, user=think.run, user=think.read"));

    @BeforeEach
    void writeTheSecret() throws IOException {
        Path secret = Files.writeString(folder.resolve("secret"), "a secret");
        introspecting =
                new HashMap<>(
                        Map.of(
                                "INTROSPECT_URL", "https://tokens.example/introspect",
                                "INTROSPECT_CLIENT_ID", "door",
                                "INTROSPECT_CLIENT_SECRET_PATH", secret.toString(),
                                "OPAQUE_ISSUER", "opaque"));
    }

    @Test
    void acceptsNoServiceAndEachKindOfService() {
        assertThat(faulty(Map.of())).isEmpty();
        assertThat(OpaqueSettings.with(Map.of()).isOff()).isTrue();
        assertThat(faulty(introspecting)).isEmpty();
        assertThat(OpaqueSettings.with(introspecting).isOff()).isFalse();
        assertThat(faulty(validating)).isEmpty();
        assertThat(OpaqueSettings.with(validating).isOff()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"INTROSPECT_CLIENT_ID", "INTROSPECT_CLIENT_SECRET_PATH", "OPAQUE_ISSUER"})
    void namesTheMissingVariable(String name) {
        introspecting.remove(name);
        assertThat(faulty(introspecting)).containsExactly(name);
    }

    @Test
    void requiresScopesOfRolesAndANameOfTheIssuer() {
        validating.remove("ROLE_SCOPES");
        validating.remove("OPAQUE_ISSUER");
        assertThat(faulty(validating)).containsExactly("OPAQUE_ISSUER", "ROLE_SCOPES");
    }

    @Test
    void requiresAnAudience() {
        assertThat(
                        OpaqueConfig.faults(
                                OpaqueSettings.with(introspecting), List.of(), Optional.empty()))
                .extracting(Fault::variable)
                .containsExactly("INTROSPECT_AUDIENCE");
        introspecting.put("INTROSPECT_AUDIENCE", "door");
        assertThat(
                        OpaqueConfig.faults(
                                OpaqueSettings.with(introspecting), List.of(), Optional.empty()))
                .isEmpty();
    }

    @Test
    void refusesAnIncompleteConfiguration() {
        assertThat(faulty(Map.of("OPAQUE_ISSUER", "opaque", "INTROSPECT_CLIENT_ID", "door")))
                .containsExactly("INTROSPECT_CLIENT_ID", "OPAQUE_ISSUER");
        introspecting.put("ROLE_SCOPES", "admin=*");
        assertThat(faulty(introspecting)).containsExactly("ROLE_SCOPES");
    }

    @Test
    void refusesBothKindsOfService() {
        introspecting.putAll(validating);
        assertThat(faulty(introspecting)).containsExactly("VALIDATE_URL");
    }

    @Test
    void refusesTheNameOfAnIssuerOfSignedTokens() {
        introspecting.put("OPAQUE_ISSUER", "https://issuer.example");
        assertThat(faulty(introspecting)).containsExactly("OPAQUE_ISSUER");
    }

    @Test
    void sendsTokensOverHttpsOrToLoopbackOnly() {
        introspecting.put("INTROSPECT_URL", "http://tokens.example/introspect");
        assertThat(faulty(introspecting)).containsExactly("INTROSPECT_URL");
        introspecting.put("INTROSPECT_URL", "http://127.0.0.1:9/introspect");
        assertThat(faulty(introspecting)).isEmpty();
        validating.put("VALIDATE_URL", "http://tokens.example/validate");
        assertThat(faulty(validating)).containsExactly("VALIDATE_URL");
    }

    @Test
    void refusesAMissingSecretFile() {
        introspecting.put("INTROSPECT_CLIENT_SECRET_PATH", folder.resolve("none").toString());
        assertThat(faulty(introspecting)).containsExactly("INTROSPECT_CLIENT_SECRET_PATH");
    }

    @ParameterizedTest
    @ValueSource(strings = {"admin", "=*", "admin=", " =x", "admin=two words", "admin=*,user"})
    void refusesMalformedRoles(String pairs) {
        validating.put("ROLE_SCOPES", pairs);
        assertThat(faulty(validating)).containsExactly("ROLE_SCOPES");
    }

    private static List<String> faulty(Map<String, String> set) {
        return OpaqueConfig.faults(
                        OpaqueSettings.with(set),
                        List.of("https://issuer.example"),
                        Optional.of("door"))
                .stream()
                .map(Fault::variable)
                .toList();
    }
}
