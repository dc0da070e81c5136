package services.chorus.seqthink.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import services.chorus.seqthink.testing.Artefact;
import services.chorus.seqthink.testing.Canaries;
import services.chorus.seqthink.testing.Client;
import services.chorus.seqthink.testing.CommandLineTool.Result;
import services.chorus.seqthink.testing.Service;
import services.chorus.seqthink.testing.TestIssuer;

/** The packaged {@code follow} with a packaged gateway. */
class FollowIT {

    @TempDir Path folder;
    private TestIssuer issuer;
    private DoorFiles files;
    private Service door;
    private String publicUrl;

    @BeforeEach
    void startTheDoor() throws Exception {
        issuer = TestIssuer.start();
        files = DoorFiles.in(folder);
        int port = Service.freePort();
        publicUrl = "http://127.0.0.1:" + port;
        Map<String, String> environment = files.environment();
        environment.put("PORT", String.valueOf(port));
        environment.put("PUBLIC_URL", publicUrl);
        environment.put("KACHING_JWKS_URL", issuer.jwksUrl());
        door = Service.start("FollowIT", environment);
        await().until(() -> get("/ready").equals("READY"));
    }

    @AfterEach
    void stopTheDoor() {
        door.close();
        issuer.close();
    }

    @Test
    void printsThoughtsUntilTheTokenExpires() throws Exception {
        Caller caller = Caller.in(folder.resolve("caller"), issuer.token("caller"));
        String thought = Canaries.thought();
        run(caller, Client.thought(thought).toString(), "call").orFail();
        long end = Instant.now().getEpochSecond() + 6;
        Files.writeString(
                caller.folder().resolve("token"),
                issuer.token("caller", claims -> claims.setClaim("exp", end)));

        Result followed = run(caller, "", "follow");

        JsonNode line = new ObjectMapper().readTree(followed.orFail());
        assertThat(line.get("sequence").intValue()).isEqualTo(1);
        assertThat(line.at("/payload/thought").textValue()).isEqualTo(thought);
        assertThat(followed.errors()).contains("token-expired").containsPattern("--after \\S+:1");
        assertThat(Instant.now().getEpochSecond()).isGreaterThanOrEqualTo(end);
    }

    @Test
    void reportsAGatewayShutdown() throws Exception {
        Caller caller = Caller.in(folder.resolve("caller"), issuer.token("caller"));
        CompletableFuture<Result> following =
                CompletableFuture.supplyAsync(() -> follow(caller), Thread::startVirtualThread);
        await().atMost(Duration.ofSeconds(60))
                .until(() -> get("/metrics").contains("seqthink_streams_open 1.0"));

        Instant asked = Instant.now();
        door.close();

        assertThat(Duration.between(asked, Instant.now())).isLessThan(Duration.ofSeconds(25));
        assertThat(following.join().exitCode()).as(following.join().errors()).isZero();
        assertThat(following.join().errors()).contains("The gateway ended the stream: shutdown");
    }

    private Result follow(Caller caller) {
        try {
            return run(caller, "", "follow");
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private Result run(Caller caller, String input, String command) throws Exception {
        return Artefact.run(
                caller.folder(),
                Map.of(),
                input.getBytes(UTF_8),
                command,
                publicUrl,
                "-i",
                "caller.key",
                "--token-file",
                "token",
                "-r",
                files.key().recipient());
    }

    private String get(String path) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                            HttpRequest.newBuilder(URI.create(publicUrl + path)).build(),
                            BodyHandlers.ofString())
                    .body();
        }
    }
}
