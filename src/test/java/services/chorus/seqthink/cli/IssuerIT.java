package services.chorus.seqthink.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import services.chorus.seqthink.testing.Artefact;
import services.chorus.seqthink.testing.Canaries;
import services.chorus.seqthink.testing.Client;
import services.chorus.seqthink.testing.CommandLineTool.Result;
import services.chorus.seqthink.testing.Service;

/** A packaged gateway with the built-in issuer, and an issuer without a gateway. */
class IssuerIT {

    private static final Pattern PRINTED =
            Pattern.compile("client_id=(\\S+)\\Rclient_secret=(\\S+)\\R");

    // the token is valid, the body is not
    private static final int NOT_SEALED = 415;

    // a gateway polls again after 5 s
    private static final Duration POLLED = Duration.ofSeconds(30);

    @TempDir Path folder;

    @Test
    void servesAClientAddedWhileItRuns() throws Exception {
        OwnIssuer issuer = OwnIssuer.in(folder);
        String url = issuer.url();
        try (Service _ = issuer.start("IssuerIT");
                HttpClient http = HttpClient.newHttpClient()) {
            assertThat(askForAToken(http, url, "agent", "no-secret").statusCode()).isEqualTo(401);

            String secret = addClient(issuer.environment().get("ISSUER_CLIENTS_PATH"));
            String token = newToken(http, url, secret);
            Caller caller = Caller.in(folder.resolve("caller"), token);
            Result run =
                    Artefact.run(
                            caller.folder(),
                            Map.of(),
                            Client.thought(Canaries.thought()).toString().getBytes(UTF_8),
                            "call",
                            url,
                            "-r",
                            issuer.door().key().recipient(),
                            "-i",
                            "caller.key",
                            "--token-file",
                            "token");
            JsonNode result = new ObjectMapper().readTree(run.orFail());
            assertThat(result.get("thoughtHistoryLength").intValue()).isEqualTo(1);

            revoke(http, url, secret, token);

            assertThat(statusAt(http, url, token)).isEqualTo(401);
        }
    }

    @Test
    void revokesATokenAtAGatewayInAnotherProcess() throws Exception {
        try (Service issuer = Service.start("IssuerIT-apart", DoorFiles.issuerEnvironment(folder));
                WithheldDenyList list = WithheldDenyList.of(issuer.url());
                HttpClient http = HttpClient.newHttpClient()) {
            Map<String, String> environment = new HashMap<>(DoorFiles.in(folder).environment());
            environment.put("KACHING_JWKS_URL", issuer.url() + "/.well-known/jwks.json");
            environment.put("JWT_DENY_URL", list.url());
            environment.put("JWT_ISSUER", DoorFiles.issuerEnvironment(folder).get("ISSUER_URL"));
            try (Service door = Service.start("IssuerIT-door", environment)) {
                String secret =
                        addClient(DoorFiles.issuerEnvironment(folder).get("ISSUER_CLIENTS_PATH"));
                String token = newToken(http, issuer.url(), secret);
                assertThat(statusAt(http, door.url(), token)).isEqualTo(NOT_SEALED);

                revoke(http, issuer.url(), secret, token);
                list.publish();

                await().atMost(POLLED)
                        .until(() -> statusAt(http, door.url(), token), status -> status == 401);
                assertThat(statusAt(http, door.url(), newToken(http, issuer.url(), secret)))
                        .isEqualTo(NOT_SEALED);
            }
        }
    }

    @Test
    void storesLastUsesOnShutdownAndServesNoDisabledClient() throws Exception {
        Map<String, String> environment = DoorFiles.issuerEnvironment(folder);
        String file = environment.get("ISSUER_CLIENTS_PATH");
        try (Service service = Service.start("IssuerIT-clients", environment);
                HttpClient http = HttpClient.newHttpClient()) {
            String secret = addClient(file);
            assertThat(newToken(http, service.url(), secret)).contains(".");

            client(file, "disable", "agent");
            await().atMost(Duration.ofSeconds(10))
                    .until(
                            () -> askForAToken(http, service.url(), "agent", secret).statusCode(),
                            status -> status == 401);
        }
        assertThat(client(file, "list").text()).contains("disabled").doesNotContain("used - ");
    }

    private Result client(String file, String... words) throws Exception {
        Result run =
                Artefact.run(
                        folder,
                        Map.of("ISSUER_CLIENTS_PATH", file),
                        Stream.concat(Stream.of("client"), Stream.of(words))
                                .toArray(String[]::new));
        run.orFail();
        return run;
    }

    private static String newToken(HttpClient http, String url, String secret) throws Exception {
        HttpResponse<String> granted =
                await().atMost(Duration.ofSeconds(10))
                        .until(
                                () -> askForAToken(http, url, "agent", secret),
                                answer -> answer.statusCode() == 200);
        return Canaries.note(
                new ObjectMapper().readTree(granted.body()).get("access_token").textValue());
    }

    private static void revoke(HttpClient http, String url, String secret, String token)
            throws Exception {
        HttpResponse<String> answer =
                post(http, url + "/oauth/revoke", "agent", secret, "token=" + token);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    /** The status of a request with this token and without a sealed body. */
    private static int statusAt(HttpClient http, String url, String token) throws Exception {
        return http.send(
                        HttpRequest.newBuilder(URI.create(url + "/mcp/tool"))
                                .timeout(Duration.ofSeconds(30))
                                .header("Authorization", "Bearer " + token)
                                .POST(BodyPublishers.ofString("{}"))
                                .build(),
                        BodyHandlers.discarding())
                .statusCode();
    }

    private String addClient(String file) throws Exception {
        Result run = client(file, "add", "agent", "--secret");
        Matcher printed = PRINTED.matcher(run.text());
        assertThat(printed.matches()).as(run.errors()).isTrue();
        assertThat(printed.group(1)).isEqualTo("agent");
        return Canaries.note(printed.group(2));
    }

    private static HttpResponse<String> askForAToken(
            HttpClient http, String url, String id, String secret) throws Exception {
        return post(http, url + "/oauth/token", id, secret, "grant_type=client_credentials");
    }

    private static HttpResponse<String> post(
            HttpClient http, String url, String id, String secret, String form) throws Exception {
        String credentials =
                Canaries.note(
                        Base64.getEncoder().encodeToString((id + ":" + secret).getBytes(UTF_8)));
        return http.send(
                HttpRequest.newBuilder(URI.create(url))
                        .timeout(Duration.ofSeconds(30))
                        .header("Authorization", "Basic " + credentials)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(form))
                        .build(),
                BodyHandlers.ofString());
    }
}
