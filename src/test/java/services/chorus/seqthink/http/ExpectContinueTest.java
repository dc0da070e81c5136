package services.chorus.seqthink.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import services.chorus.seqthink.testing.AcceptingGateway;
import services.chorus.seqthink.testing.Client;
import services.chorus.seqthink.testing.CommandLineTool;
import services.chorus.seqthink.testing.Door;

/** {@code Expect: 100-continue}, alone and with an offer to upgrade to HTTP/2, which is ignored. */
@QuarkusTest
@WithTestResource(Door.class)
class ExpectContinueTest {

    private static final int LARGE = 2_000_000;

    @TestHTTPResource URI service;
    @TempDir Path folder;

    Door door;

    @BeforeEach
    void awaitReadiness() {
        AcceptingGateway.awaitDefault();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--http1.1", "--http2", "--http2-prior-knowledge"})
    void worksForCurl(String version) throws Exception {
        Client caller = Client.stranger(door);
        Path body = Files.write(folder.resolve("body.age"), largeRequest(caller));

        byte[] status =
                CommandLineTool.needed("curl", folder)
                        .run(
                                version,
                                "-sS",
                                "-o",
                                "/dev/null",
                                "-w",
                                "%{http_code}",
                                "-H",
                                "Expect: 100-continue",
                                // or else curl sends the body after a second
                                "--expect100-timeout",
                                "60",
                                "-H",
                                "Authorization: Bearer " + caller.token(),
                                "-H",
                                "Content-Type: application/age",
                                "--data-binary",
                                "@" + body,
                                service.resolve("/mcp/tool").toString())
                        .orFail();

        assertThat(status).asString().isEqualTo("200");
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void worksForTheJdk(HttpClient.Version version) throws Exception {
        try (HttpClient http = HttpClient.newBuilder().version(version).build()) {
            for (boolean expecting : new boolean[] {true, false, true}) {
                assertThat(http.send(call(expecting), BodyHandlers.discarding()).statusCode())
                        .isEqualTo(200);
            }
        }
    }

    @Test
    void isFollowedByARefusalBeforeTheBody() throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest noToken =
                    HttpRequest.newBuilder(service.resolve("/mcp/tool"))
                            .expectContinue(true)
                            .POST(BodyPublishers.ofByteArray(new byte[LARGE]))
                            .build();

            assertThat(http.send(noToken, BodyHandlers.discarding()).statusCode()).isEqualTo(401);
        }
    }

    private HttpRequest call(boolean expecting) {
        Client caller = Client.stranger(door);
        return HttpRequest.newBuilder(service.resolve("/mcp/tool"))
                .expectContinue(expecting)
                .header("Authorization", "Bearer " + caller.token())
                .header("Content-Type", "application/age")
                .POST(BodyPublishers.ofByteArray(largeRequest(caller)))
                .build();
    }

    private static byte[] largeRequest(Client caller) {
        return caller.sealed(caller.request("x".repeat(LARGE)));
    }
}
