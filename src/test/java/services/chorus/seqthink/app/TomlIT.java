package services.chorus.seqthink.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import services.chorus.seqthink.cli.DoorFiles;
import services.chorus.seqthink.testing.Artefact;
import services.chorus.seqthink.testing.Canaries;
import services.chorus.seqthink.testing.Client;
import services.chorus.seqthink.testing.CommandLineTool.Result;
import services.chorus.seqthink.testing.Service;
import services.chorus.seqthink.testing.TestIssuer;

/** The packaged service with a configuration file as its only source. */
class TomlIT {

    @TempDir Path folder;
    @AutoClose TestIssuer issuer = TestIssuer.start();
    DoorFiles files;
    Path toml;

    @BeforeEach
    void makeFiles() throws IOException {
        files = DoorFiles.in(folder);
        toml = folder.resolve("seqthink.toml");
    }

    @Test
    void startsAGatewayWithoutOtherSettings() throws Exception {
        write("");
        String token = issuer.token("caller");

        try (Service door = Service.start("TomlIT", Map.of("CONFIG_PATH", toml.toString()))) {
            Client caller = new Client(files.key(), token);
            var request = caller.request(Canaries.thought()).put("to", toolRoute());
            var response = caller.post(door, caller.sealed(request));

            response.then().statusCode(200);
            assertThat(caller.open(response).at("/result/thoughtHistoryLength").intValue())
                    .isEqualTo(1);
        }
    }

    /** Quarkus reads both of these files, the second one also by profiles. */
    @Test
    void isNotExtendedByFilesInTheWorkingDirectory() throws Exception {
        write("");
        Files.writeString(
                folder.resolve(".env"),
                """
                INSECURE_DEV=true
                SEQTHINK_GATEWAY_INSECURE_DEV=true
                SEQTHINK_POLICY_IS_OFF=true
                SEQTHINK_POLICY_RULE_0__TOOL=sequentialthinking
                SEQTHINK_POLICY_RULE_0__SCOPES=admin
                _PROD_SEQTHINK_GATEWAY_ALLOWED_HOSTS=other.example
                """);
        Files.createDirectory(folder.resolve("config"));
        Files.writeString(
                folder.resolve("config").resolve("application.properties"),
                """
                seqthink.gateway.insecure-dev=true
                seqthink.gateway.allowed-hosts=other.example
                seqthink.policy.rule[0].tool=sequentialthinking
                seqthink.policy.rule[0].scopes[0]=admin
                %prod.seqthink.gateway.public-url=https://other.example
                %prod.seqthink.sealing.replay-quota=none
                seqthink.mcp.nothing=1
                """);
        String token = issuer.token("caller");

        try (Service door =
                Service.startIn(folder, "TomlIT-beside", Map.of("CONFIG_PATH", toml.toString()))) {
            Client caller = new Client(files.key(), token);
            var request = caller.request(Canaries.thought()).put("to", toolRoute());
            caller.post(door, caller.sealed(request)).then().statusCode(200);
            assertThat(door.log())
                    .anyMatch(line -> line.contains("encryption on, policy on"))
                    .noneMatch(line -> line.contains("INSECURE_DEV"));
        }
    }

    @Test
    void explainsItsRules() throws Exception {
        write("[[policy.rule]]\ntool = 'read'\nscopes = ['files.read']\n");
        Files.writeString(folder.resolve("token"), issuer.token("caller"));

        Result run =
                Artefact.run(
                        folder,
                        Map.of(),
                        "policy",
                        "explain",
                        "--config",
                        toml.toString(),
                        "--token",
                        "token",
                        "--tool",
                        "read");

        assertThat(run.exitCode()).as(run.errors()).isEqualTo(1);
        assertThat(run.text().lines())
                .hasSize(4)
                .contains("rule #1: matches, needs files.read, lacks files.read")
                .last()
                .isEqualTo(
                        "denied: 403 inside the sealed reply, because the call needs files.read");
    }

    @Test
    void doctorAndServeReportItsFaults() throws Exception {
        write("[mcp]\ntimout = '7s'\nprotocol = 'other'\n");
        String[] lines = {
            "mcp.timout in %s is not a known key: write mcp.timeout, or remove it".formatted(toml),
            "MCP_PROTOCOL (mcp.protocol in %s) is not valid: set it to one of auto, mcp, plain"
                    .formatted(toml)
        };
        assertFaults(lines);

        Files.writeString(toml, "[gateway]\npublic-url = hunter2\n");
        assertFaults(
                toml
                        + " line 2 column 14 is not valid TOML: correct this line or the one before; text needs quotes");
    }

    private void assertFaults(String... lines) throws Exception {
        Map<String, String> environment = Map.of("CONFIG_PATH", toml.toString());
        Result doctor = Artefact.run(folder, environment, "doctor");
        Result serve = Artefact.run(folder, environment, "serve");

        assertThat(doctor.exitCode()).isEqualTo(1);
        assertThat(doctor.text().lines()).containsExactly(lines);
        assertThat(doctor.errors()).isEmpty();
        assertThat(serve.exitCode()).isEqualTo(1);
        assertThat(serve.errors()).isEqualTo(doctor.text());
    }

    private void write(String more) throws IOException {
        Files.writeString(
                toml,
                """
                [gateway]
                public-url = "%s"

                [sealing]
                identities = "%s"
                door_key = "%s"

                [policy]
                issuers = ["%s"]
                audiences = ["%s"]
                jwks-urls = ["%s"]

                %s
                """
                        .formatted(
                                DoorFiles.PUBLIC_URL,
                                files.identities(),
                                files.doorKey(),
                                TestIssuer.ISSUER,
                                TestIssuer.AUDIENCE,
                                issuer.jwksUrl(),
                                more));
    }

    private static String toolRoute() {
        return DoorFiles.PUBLIC_URL + "/mcp/tool";
    }
}
