package services.chorus.seqthink.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import services.chorus.seqthink.testing.AgeKey;
import services.chorus.seqthink.testing.Artefact;
import services.chorus.seqthink.testing.Canaries;
import services.chorus.seqthink.testing.CertificateFiles;
import services.chorus.seqthink.testing.Client;
import services.chorus.seqthink.testing.CommandLineTool.Result;
import services.chorus.seqthink.testing.OwnFile;
import services.chorus.seqthink.testing.Service;

/** The packaged {@code token}, and {@code call} with its token. */
class TokenIT {

    // a gateway polls again after 5 s
    private static final Duration POLLED = Duration.ofSeconds(30);

    @TempDir Path folder;
    private OwnIssuer issuer;
    private Path dpopKey;

    @BeforeEach
    void prepare() throws Exception {
        issuer = OwnIssuer.in(folder);
        issuer.environment().put("REQUIRE_DPOP", "true");
        dpopKey = folder.resolve("dpop.jwk");
        Artefact.run(folder, Map.of(), "keygen", "--dpop", "-o", dpopKey.toString()).orFail();
    }

    @Test
    void aBoundTokenIsAcceptedWhereDpopIsRequired() throws Exception {
        Path key = issuer.addWithNewKey("agent");
        try (Service service = issuer.start("TokenIT")) {
            Caller caller =
                    callerWith(
                            "--client-id",
                            "agent",
                            "--client-key",
                            key.toString(),
                            "--dpop-key",
                            dpopKey.toString());

            Result run =
                    call(caller, service.url(), issuer.door(), "--dpop-key", dpopKey.toString());
            assertThat(new ObjectMapper().readTree(run.orFail()).get("thoughtHistoryLength"))
                    .hasToString("1");
            assertThat(call(caller, service.url(), issuer.door()).errors())
                    .contains("the answer is not sealed (status 401");
        }
    }

    @Test
    void isRejectedByAGatewayInAnotherProcessAfterItsRevocation() throws Exception {
        String secret = issuer.addWithSecret("agent");
        Path secretFile = OwnFile.write(folder.resolve("secret"), secret);
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        DoorFiles files = DoorFiles.in(elsewhere);
        try (Service own = issuer.start("TokenIT-issuer");
                WithheldDenyList list = WithheldDenyList.of(own.url());
                Service door = Service.start("TokenIT-door", doorApart(files, list))) {
            Caller caller =
                    callerWith(
                            "--client-id",
                            "agent",
                            "--secret-file",
                            secretFile.toString(),
                            "--dpop-key",
                            dpopKey.toString());
            String[] bound = {"--dpop-key", dpopKey.toString()};
            call(caller, door.url(), files, bound).orFail();

            revoke(own.url(), secret, Files.readString(caller.folder().resolve("token")));
            list.publish();

            assertThat(call(caller, own.url(), issuer.door(), bound).errors())
                    .contains("the answer is not sealed (status 401");
            await().atMost(POLLED)
                    .until(
                            () -> call(caller, door.url(), files, bound).errors(),
                            errors -> errors.contains("the answer is not sealed (status 401"));
        }
    }

    @Test
    void containsTheRequestedAgeRecipient() throws Exception {
        Path key = issuer.addWithNewKey("agent");
        try (Service service = issuer.start("TokenIT-reader")) {
            AgeKey reader = AgeKey.generate();

            String token =
                    token(
                            "--client-id",
                            "agent",
                            "--client-key",
                            key.toString(),
                            "--age-recipient",
                            reader.recipient());

            assertThat(service.url()).isEqualTo(issuer.url());
            byte[] claims = Base64.getUrlDecoder().decode(token.split("\\.")[1]);
            assertThat(new ObjectMapper().readTree(claims).get("age_recipient").textValue())
                    .isEqualTo(reader.recipient());
        }
    }

    @Test
    void isFetchedOverTlsWithAPrivateAuthority() throws Exception {
        CertificateFiles certificate = CertificateFiles.make(folder, "tls");
        String port = issuer.environment().get("PORT");
        String url = "https://localhost:" + port;
        issuer.environment()
                .putAll(
                        Map.of(
                                "TLS_CERT_PATH", certificate.certificate().toString(),
                                "TLS_KEY_PATH", certificate.key().toString(),
                                "PUBLIC_URL", url,
                                "ISSUER_URL", url,
                                "JWT_ISSUER", url));
        Path key = issuer.addWithNewKey("agent");
        String[] client = {"--client-id", "agent", "--client-key", key.toString()};
        try (Service service = issuer.start("TokenIT-tls")) {
            assertThat(service.url()).isEqualTo(url);

            assertThat(ask(client).errors()).contains("does not answer", "--cacert");
            assertThat(token(with(client, "--cacert", certificate.authority().toString())))
                    .contains(".");
        }
    }

    private Map<String, String> doorApart(DoorFiles files, WithheldDenyList list) throws Exception {
        Map<String, String> environment = new HashMap<>(files.environment());
        String port = String.valueOf(Service.freePort());
        environment.put("PORT", port);
        environment.put("PUBLIC_URL", "http://127.0.0.1:" + port);
        environment.put("REQUIRE_DPOP", "true");
        environment.put("JWT_ISSUER", issuer.url());
        environment.put("KACHING_JWKS_URL", issuer.url() + "/.well-known/jwks.json");
        environment.put("JWT_DENY_URL", list.url());
        return environment;
    }

    private Caller callerWith(String... options) throws Exception {
        return Caller.in(folder.resolve("caller"), token(options));
    }

    /** Asserts that {@code token} prints only a token, and returns it. */
    private String token(String... options) throws Exception {
        Result run = ask(options);
        String printed = new String(run.orFail(), UTF_8);
        assertThat(run.errors()).isEmpty();
        assertThat(printed).endsWith("\n");
        return Canaries.note(printed.strip());
    }

    private Result ask(String... options) throws Exception {
        return Artefact.run(folder, Map.of(), with(options, "token", "--issuer", issuer.url()));
    }

    private Result call(Caller caller, String url, DoorFiles door, String... options)
            throws Exception {
        return Artefact.run(
                caller.folder(),
                Map.of(),
                Client.thought(Canaries.thought()).toString().getBytes(UTF_8),
                with(
                        options,
                        "call",
                        url,
                        "-r",
                        door.key().recipient(),
                        "-i",
                        "caller.key",
                        "--token-file",
                        "token"));
    }

    private static String[] with(String[] last, String... first) {
        return Stream.of(first, last).flatMap(Stream::of).toArray(String[]::new);
    }

    private static void revoke(String url, String secret, String token) throws Exception {
        String basic =
                Canaries.note(
                        Base64.getEncoder().encodeToString(("agent:" + secret).getBytes(UTF_8)));
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> answer =
                    http.send(
                            HttpRequest.newBuilder(URI.create(url + "/oauth/revoke"))
                                    .timeout(Duration.ofSeconds(30))
                                    .header("Authorization", "Basic " + basic)
                                    .header("Content-Type", "application/x-www-form-urlencoded")
                                    .POST(BodyPublishers.ofString("token=" + token))
                                    .build(),
                            BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        }
    }
}
