package services.chorus.seqthink.cli;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import services.chorus.seqthink.testing.Artefact;
import services.chorus.seqthink.testing.AuditRecords;
import services.chorus.seqthink.testing.Canaries;
import services.chorus.seqthink.testing.Client;
import services.chorus.seqthink.testing.CommandLineTool.Result;
import services.chorus.seqthink.testing.Service;
import services.chorus.seqthink.testing.TestIssuer;

/** A packaged gateway writes a log that the audit commands verify. */
class AuditIT {

    @TempDir Path folder;

    @Test
    void continuesItsChainAcrossRestarts() throws Exception {
        String publicKey = run("keygen", "--audit", "-o", "audit.jwk").text().strip();
        AuditRecords audit = new AuditRecords(folder.resolve("audit.jsonl"));
        List<String> output = new ArrayList<>();
        try (TestIssuer issuer = TestIssuer.start()) {
            DoorFiles files = DoorFiles.in(folder);
            Map<String, String> environment = files.environment();
            environment.put("KACHING_JWKS_URL", issuer.jwksUrl());
            environment.put("AUDIT_PATH", folder.resolve("audit.jsonl").toString());
            environment.put("AUDIT_KEY_PATH", folder.resolve("audit.jwk").toString());
            environment.put("AUDIT_REQUIRED", "true");
            environment.put("REPLICA", "replica-7");
            for (int start = 1; start <= 2; start++) {
                Service door = Service.start("AuditIT", environment);
                try (door) {
                    Client caller = new Client(files.key(), issuer.token("caller"));
                    caller.post(door, caller.sealed(caller.request(Canaries.thought())))
                            .then()
                            .statusCode(200);
                    given().baseUri(door.url()).post("/mcp/tool").then().statusCode(401);
                    assertThat(audit.decisions()).hasSize(2 * start);
                }
                output = door.log();
            }
        }
        assertThat(audit.text()).contains("\"replica\":\"replica-7\"", "\"sequentialthinking\"");
        String file = audit.files().getFirst().toString();
        String head = run("audit", "head", file).text().strip();

        Result verified = run("audit", "verify", file, "--head", head, "--key", publicKey);

        // 10 records, and on a slow machine a checkpoint more
        long last = Long.parseLong(head.substring(0, head.indexOf(':')));
        assertThat(last).isBetween(10L, 20L);
        assertThat(verified.exitCode()).as(verified.text()).isZero();
        assertThat(verified.text()).contains("proven up to seq " + last);
        assertStandardOutputIsASeparateChain(output, head, publicKey);
        Files.writeString(
                Path.of(file), Files.readString(Path.of(file)).replaceFirst("allowed", "denied_"));
        Result changed = run("audit", "verify", file, "--head", head, "--key", publicKey);
        assertThat(changed.exitCode()).isEqualTo(1);
        assertThat(changed.text()).startsWith(file + ":2 seq 2: changed\n");
    }

    private void assertStandardOutputIsASeparateChain(
            List<String> output, String head, String publicKey) throws Exception {
        List<String> lines =
                output.stream().filter(line -> line.startsWith("{\"audit\":1,")).toList();
        Path file = folder.resolve("stdout.jsonl");
        Files.write(file, lines, UTF_8);

        Result verified = run("audit", "verify", file.toString(), "--key", publicKey);

        assertThat(lines)
                .hasSizeBetween(5, 10)
                .noneMatch(line -> line.contains("\"sequentialthinking\""));
        assertThat(lines).last().asString().contains("\"kind\":\"checkpoint\"");
        assertThat(lines).last().asString().contains("\"file\":\"" + head + "\"");
        assertThat(verified.exitCode()).as(verified.text()).isEqualTo(3);
        assertThat(verified.text()).contains("proven up to seq " + lines.size());
    }

    private Result run(String... command) throws Exception {
        return Artefact.run(folder, Map.of(), Stream.of(command).toArray(String[]::new));
    }
}
