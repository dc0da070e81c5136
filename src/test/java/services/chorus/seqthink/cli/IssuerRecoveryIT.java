package services.chorus.seqthink.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import services.chorus.seqthink.testing.AgeKey;
import services.chorus.seqthink.testing.Artefact;
import services.chorus.seqthink.testing.Canaries;
import services.chorus.seqthink.testing.OwnFile;
import services.chorus.seqthink.testing.Service;

/** A packaged issuer that loses all its files while its tokens are valid. */
class IssuerRecoveryIT {

    // the token is valid, the body is not
    private static final int NOT_SEALED = 415;

    @TempDir Path folder;

    @Test
    void yieldsTheSameIssuerWhenRestoredInANewFolder() throws Exception {
        AgeKey operator = AgeKey.generate();
        OwnFile.write(folder.resolve("operator.key"), operator.secret());
        OwnIssuer lost = OwnIssuer.in(folder);
        String secret = lost.addWithSecret("agent");
        String token;
        try (Service _ = lost.start("IssuerRecoveryIT-lost")) {
            token = token(lost, secret);
            assertThat(statusAt(lost.url(), token)).isEqualTo(NOT_SEALED);
            issuer(lost, "backup", "--to", operator.recipient(), "-o", "backup.age");
        }

        OwnIssuer restored = inANewFolder(lost);
        issuer(restored, "restore", "-i", "operator.key", "backup.age");

        try (Service _ = restored.start("IssuerRecoveryIT-restored")) {
            assertThat(statusAt(restored.url(), token)).isEqualTo(NOT_SEALED);
            String another = token(restored, secret);
            OwnFile.write(folder.resolve("token"), token);

            issuer(restored, "revoke", "--token", "token");

            await().atMost(Duration.ofSeconds(30))
                    .until(() -> statusAt(restored.url(), token), status -> status == 401);
            assertThat(statusAt(restored.url(), another)).isEqualTo(NOT_SEALED);
        }
    }

    private OwnIssuer inANewFolder(OwnIssuer lost) throws Exception {
        Path newFolder = Files.createDirectory(folder.resolve("fresh"));
        Map<String, String> environment = new HashMap<>(lost.environment());
        for (String file : new String[] {"ISSUER_KEYS_PATH", "ISSUER_CLIENTS_PATH"}) {
            environment.put(file, DoorFiles.issuerEnvironment(newFolder).get(file));
        }
        return new OwnIssuer(folder, lost.door(), environment);
    }

    private void issuer(OwnIssuer issuer, String... words) throws Exception {
        String[] command = new String[words.length + 1];
        command[0] = "issuer";
        System.arraycopy(words, 0, command, 1, words.length);
        Artefact.run(folder, issuer.environment(), command).orFail();
    }

    private String token(OwnIssuer issuer, String secret) throws Exception {
        byte[] printed =
                Artefact.run(
                                folder,
                                Map.of(),
                                secret.getBytes(UTF_8),
                                "token",
                                "--issuer",
                                issuer.url(),
                                "--client-id",
                                "agent",
                                "--secret-file",
                                "-")
                        .orFail();
        return Canaries.note(new String(printed, UTF_8).strip());
    }

    /** The status of a request with this token and without a sealed body. */
    private static int statusAt(String url, String token) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                            HttpRequest.newBuilder(URI.create(url + "/mcp/tool"))
                                    .timeout(Duration.ofSeconds(30))
                                    .header("Authorization", "Bearer " + token)
                                    .POST(BodyPublishers.ofString("{}"))
                                    .build(),
                            BodyHandlers.discarding())
                    .statusCode();
        }
    }
}
