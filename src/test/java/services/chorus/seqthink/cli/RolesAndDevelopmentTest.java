package services.chorus.seqthink.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import services.chorus.seqthink.app.Judged;
import services.chorus.seqthink.http.GatewayConfig.Role;
import services.chorus.seqthink.testing.TestIssuer;

/** The variables that each role needs, and those that are optional for development. */
class RolesAndDevelopmentTest {

    private static final List<String> POLICY =
            List.of("KACHING_JWKS_URL", "JWT_ISSUER", "JWT_AUDIENCE");

    @TempDir Path folder;
    DoorFiles files;
    Map<String, String> environment;
    Judged judged;

    @BeforeEach
    void useAValidConfiguration() throws IOException {
        files = DoorFiles.in(folder);
        environment = files.environment();
        judged = new Judged(environment);
    }

    @Nested
    class Roles {

        @Test
        void anIssuerNeedsNoVariableOfTheGateway() {
            Judged issuer = new Judged(DoorFiles.issuerEnvironment(folder));

            assertThat(issuer.faults()).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "ISSUER_URL",
                    "ISSUER_AUDIENCE",
                    "ISSUER_KEYS_PATH",
                    "ISSUER_CLIENTS_PATH"
                })
        void anIssuerReportsAMissingVariable(String name) {
            Map<String, String> issuer = DoorFiles.issuerEnvironment(folder);
            issuer.remove(name);

            assertThat(new Judged(issuer).faultyVariables()).containsExactly(name);
        }

        @Test
        void anIssuerChecksTheVariablesOfBothRoles() {
            Map<String, String> issuer = DoorFiles.issuerEnvironment(folder);
            issuer.put("TRUSTED_PROXIES", "everybody");
            issuer.put("STATE_URL", "http://redis.example");
            issuer.put("CA_PATH", folder.resolve("missing.pem").toString());

            assertThat(new Judged(issuer).faultyVariables())
                    .containsExactlyInAnyOrder("TRUSTED_PROXIES", "STATE_URL", "CA_PATH");
        }

        @Test
        void aGatewayNeedsNoVariableOfTheIssuer() {
            assertThat(judged.faults()).isEmpty();
        }

        @Test
        void bothRolesNeedTheVariablesOfBoth() {
            Judged both = new Judged(Map.of("ROLES", "door,issuer"));

            assertThat(both.faultyVariables())
                    .containsExactly(
                            "PUBLIC_URL",
                            "AGE_IDENT_PATH",
                            "KACHING_JWKS_URL",
                            "JWT_ISSUER",
                            "JWT_AUDIENCE",
                            "ISSUER_URL",
                            "ISSUER_AUDIENCE",
                            "ISSUER_KEYS_PATH",
                            "ISSUER_CLIENTS_PATH");
        }

        @Test
        void anEnabledIssuerAddsItsRole() {
            environment.remove("KACHING_JWKS_URL");
            environment.putAll(DoorFiles.issuerEnvironment(folder));
            environment.remove("ROLES");
            environment.put("ISSUER_ENABLED", "true");

            assertThat(Role.acting(judged.usable().gateway()))
                    .containsExactly(Role.DOOR, Role.ISSUER);
        }

        @Test
        void anEnabledIssuerNeedsItsVariables() {
            environment.put("ISSUER_ENABLED", "true");

            assertThat(judged.faultyVariables())
                    .containsExactly(
                            "ISSUER_URL",
                            "ISSUER_AUDIENCE",
                            "ISSUER_KEYS_PATH",
                            "ISSUER_CLIENTS_PATH");
        }

        @Test
        void aGatewayMustAcceptTheAlgorithmOfItsBuiltInIssuer() {
            environment.remove("KACHING_JWKS_URL");
            environment.remove("JWT_ISSUER");
            environment.remove("JWT_AUDIENCE");
            environment.putAll(DoorFiles.issuerEnvironment(folder));
            environment.put("ROLES", "door,issuer");
            environment.put("SEQTHINK_POLICY_ISSUER_0__NAME", TestIssuer.ISSUER);
            environment.put("SEQTHINK_POLICY_ISSUER_0__AUDIENCE", TestIssuer.AUDIENCE);
            environment.put("SEQTHINK_POLICY_ISSUER_0__ALGORITHMS", "RS256");
            assertThat(judged.faults()).isEmpty();

            environment.put("ISSUER_ALGORITHM", "EdDSA");

            assertThat(judged.lines())
                    .singleElement()
                    .asString()
                    .contains("algorithms", "lacks EdDSA", "add it");
        }

        @Test
        void aGatewayNeedsNoJwksUrlForItsBuiltInIssuer() {
            environment.remove("KACHING_JWKS_URL");
            environment.putAll(DoorFiles.issuerEnvironment(folder));
            environment.put("ROLES", "door,issuer");

            assertThat(judged.faults()).isEmpty();
        }
    }

    @Nested
    class BareRequests {

        @Test
        void needARecipientsFile() {
            environment.put("REQUIRE_BOUND", "false");
            assertThat(judged.faultyVariables()).containsExactly("AGE_RECIPS_PATH");

            environment.put("AGE_RECIPS_PATH", files.recipients().toString());
            assertThat(judged.usable().sealing().requireBound()).isFalse();
        }

        @Test
        void areRejectedByDefault() {
            environment.put("AGE_RECIPS_PATH", files.recipients().toString());

            assertThat(judged.usable().sealing().requireBound()).isTrue();
        }
    }

    @Nested
    class Development {

        @BeforeEach
        void allowGaps() {
            environment.put("INSECURE_DEV", "true");
        }

        @Test
        void keepsWhatIsConfigured() {
            assertThat(judged.usable().sealing().identities()).hasValue(files.identities());
            assertThat(judged.usable().policy().issuers()).isPresent();
        }

        @Test
        void permitsSealingWithoutPolicy() {
            POLICY.forEach(environment::remove);

            assertThat(judged.usable().sealing().identities()).isPresent();
            assertThat(judged.usable().policy().issuers()).isEmpty();
        }

        @Test
        void permitsPolicyWithoutSealing() {
            environment.remove("AGE_IDENT_PATH");

            assertThat(judged.usable().sealing().identities()).isEmpty();
            assertThat(judged.usable().policy().issuers()).isPresent();
        }

        @Test
        void permitsNeither() {
            Judged bare = new Judged(Map.of("INSECURE_DEV", "true"));

            assertThat(bare.usable().gateway().insecureDev()).isTrue();
            assertThat(bare.usable().gateway().publicUrl()).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(strings = {"KACHING_JWKS_URL", "JWT_ISSUER", "JWT_AUDIENCE"})
        void rejectsAPolicyWithAMissingVariable(String missing) {
            environment.remove(missing);

            assertThat(judged.faultyVariables()).containsExactly(missing);
        }

        @ParameterizedTest
        @ValueSource(strings = {"KACHING_JWKS_URL", "JWT_ISSUER", "JWT_AUDIENCE"})
        void rejectsAPolicyWithASingleVariable(String present) {
            Map<String, String> half = new HashMap<>(environment);
            POLICY.stream().filter(name -> !name.equals(present)).forEach(half::remove);

            assertThat(new Judged(half).faultyVariables())
                    .containsExactlyElementsOf(
                            POLICY.stream().filter(name -> !name.equals(present)).toList());
        }

        @Test
        void rejectsRequireDpopWithoutAPolicy() {
            environment.put("REQUIRE_DPOP", "true");
            assertThat(judged.usable().dpop().required()).isTrue();

            POLICY.forEach(environment::remove);
            assertThat(judged.faultyVariables()).containsExactly("REQUIRE_DPOP");
        }

        @Test
        void rejectsRecipientsWithoutIdentities() {
            environment.remove("AGE_IDENT_PATH");
            environment.put("AGE_RECIPS_PATH", files.recipients().toString());

            assertThat(judged.faultyVariables()).containsExactly("AGE_IDENT_PATH");
        }

        @Test
        void rejectsAnEmptyVariable() {
            environment.put("AGE_IDENT_PATH", "");

            assertThat(judged.faultyVariables()).containsExactly("AGE_IDENT_PATH");
        }

        @Test
        void isOffWhenSetToFalse() {
            assertThat(new Judged(Map.of("INSECURE_DEV", "false")).faultyVariables())
                    .contains("PUBLIC_URL", "AGE_IDENT_PATH")
                    .containsAll(POLICY);
        }
    }
}
