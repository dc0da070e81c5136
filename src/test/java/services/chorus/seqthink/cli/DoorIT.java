package services.chorus.seqthink.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import services.chorus.seqthink.testing.Artefact;
import services.chorus.seqthink.testing.Canaries;
import services.chorus.seqthink.testing.Client;
import services.chorus.seqthink.testing.CommandLineTool.Result;
import services.chorus.seqthink.testing.Service;
import services.chorus.seqthink.testing.TestIssuer;

/** A packaged gateway with real tools and a real issuer. */
class DoorIT {

    @TempDir static Path folder;
    @AutoClose static TestIssuer issuer;
    @AutoClose static Service door;
    static DoorFiles files;
    static String publicUrl;

    private Caller caller;

    @BeforeAll
    static void startTheDoor() throws Exception {
        issuer = TestIssuer.start();
        files = DoorFiles.in(folder);
        int port = Service.freePort();
        publicUrl = "http://127.0.0.1:" + port;
        Map<String, String> environment = files.environment();
        environment.put("PORT", String.valueOf(port));
        environment.put("PUBLIC_URL", publicUrl);
        environment.put("KACHING_JWKS_URL", issuer.jwksUrl());
        door = Service.start("DoorIT", environment);
    }

    @BeforeEach
    void makeACaller() throws Exception {
        caller = newCaller();
    }

    @Test
    void answersARequestMadeWithJqAgeAndCurl() throws Exception {
        callByHand(caller).orFail();

        assertThat(new String(caller.bytes("headers"), UTF_8))
                .startsWith("HTTP/1.1 200")
                .containsIgnoringCase("content-type: application/age\r\n");
        JsonNode reply = caller.json("reply.json");
        assertThat(reply.get("request_id"))
                .isEqualTo(caller.json("request.json").get("request_id"));
        assertThat(reply.get("request_hash").textValue())
                .isEqualTo(Client.sha256(caller.bytes("request.age")));
        assertThat(reply.get("status").intValue()).isEqualTo(200);
        assertThat(reply.at("/result/thoughtHistoryLength").intValue()).isEqualTo(1);
    }

    @Test
    void sealsItsReplyToTheCallerOnly() throws Exception {
        callByHand(caller).orFail();

        assertThat(caller.tool("age", "-d", "-i", "caller.key", "reply.age").exitCode()).isZero();
        for (Path other :
                new Path[] {files.identities(), newCaller().folder().resolve("caller.key")}) {
            Result opened = caller.tool("age", "-d", "-i", other.toString(), "reply.age");
            assertThat(opened.exitCode()).isNotZero();
            assertThat(opened.errors()).contains("no identity matched");
        }
    }

    @Test
    void countsThoughtsPerCaller() throws Exception {
        Caller other = newCaller();

        assertThat(lengthAfterAThoughtOf(caller)).isEqualTo(1);
        assertThat(lengthAfterAThoughtOf(caller)).isEqualTo(2);
        assertThat(lengthAfterAThoughtOf(other)).isEqualTo(1);
        assertThat(lengthAfterAThoughtOf(caller)).isEqualTo(3);
    }

    @Test
    void answersARequestMadeWithItsOwnFiltersAndCurl() throws Exception {
        String request =
                "{\"tool\":\"sequentialthinking\",\"payload\":%s}"
                        .formatted(Client.thought(Canaries.thought()));

        Result run =
                caller.script(
                        "call-by-filters.sh",
                        request,
                        Stream.concat(
                                        Stream.of(
                                                route(),
                                                route(),
                                                files.key().recipient(),
                                                caller.key().recipient()),
                                        Artefact.command().stream())
                                .toArray(String[]::new));

        JsonNode reply = new ObjectMapper().readTree(run.orFail());
        assertThat(reply.at("/result/thoughtHistoryLength").intValue()).isEqualTo(1);
        assertThat(reply.get("request_id").textValue())
                .isEqualTo(Files.readAllLines(caller.folder().resolve("binding")).getFirst());
    }

    @Test
    void answersCall() throws Exception {
        for (int length = 1; length <= 2; length++) {
            JsonNode result = new ObjectMapper().readTree(call("caller.key").orFail());
            assertThat(result.get("thoughtHistoryLength").intValue()).isEqualTo(length);
        }
    }

    @Test
    void advertisesItsRecipientsToCall() throws Exception {
        String fingerprint = files.signer().fingerprint();

        call("caller.key", "--known-doors", "doors.json", "--door", fingerprint).orFail();
        call("caller.key", "--known-doors", "doors.json").orFail();

        assertThat(caller.json("doors.json").get(publicUrl).get("fingerprint").textValue())
                .isEqualTo(fingerprint);
    }

    @Test
    void rejectsCallWithAnInvalidToken() throws Exception {
        Files.writeString(
                caller.folder().resolve("token"),
                TestIssuer.sign(TestIssuer.claims("caller", claims -> {}), TestIssuer.newKey()));

        Result run = call("caller.key");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.output()).isEmpty();
        assertThat(run.errors())
                .startsWith("seqthink-wrapper call: the answer is not sealed (status 401, Bearer");
    }

    @Test
    void passesItsHealthcheck() throws Exception {
        for (String[] command : new String[][] {{"healthcheck"}, {"healthcheck", "--ready"}}) {
            Result run = Artefact.run(folder, Map.of("PORT", door.port()), command);
            assertThat(run.exitCode()).as(run.errors()).isZero();
        }
    }

    private Result call(String key) throws Exception {
        return call(key, "-r", files.key().recipient());
    }

    private Result call(String key, String... recipientOptions) throws Exception {
        String[] command = {"call", publicUrl, "-i", key, "--token-file", "token"};
        return Artefact.run(
                caller.folder(),
                Map.of(),
                Client.thought(Canaries.thought()).toString().getBytes(UTF_8),
                Stream.of(command, recipientOptions).flatMap(Stream::of).toArray(String[]::new));
    }

    private static int lengthAfterAThoughtOf(Caller caller) throws Exception {
        callByHand(caller).orFail();
        return caller.json("reply.json").at("/result/thoughtHistoryLength").intValue();
    }

    private static Result callByHand(Caller caller) throws Exception {
        return caller.script(
                "call-by-hand.sh",
                Client.thought(Canaries.thought()).toString(),
                route(),
                route(),
                files.key().recipient(),
                caller.key().recipient());
    }

    private static Caller newCaller() throws Exception {
        String name = "caller-" + UUID.randomUUID();
        return Caller.in(folder.resolve(name), issuer.token(name));
    }

    private static String route() {
        return publicUrl + "/mcp/tool";
    }
}
