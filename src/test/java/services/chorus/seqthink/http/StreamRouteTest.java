package services.chorus.seqthink.http;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import services.chorus.seqthink.age.Encoding;
import services.chorus.seqthink.pipeline.LiveStreams;
import services.chorus.seqthink.testing.AgeKey;
import services.chorus.seqthink.testing.Canaries;
import services.chorus.seqthink.testing.Client;
import services.chorus.seqthink.testing.CommandLineTool;
import services.chorus.seqthink.testing.Door;
import services.chorus.seqthink.testing.FollowedStream;
import services.chorus.seqthink.testing.Scrape;

@QuarkusTest
@WithTestResource(Door.class)
class StreamRouteTest {

    private static final String OPEN_STREAMS = "seqthink_streams_open";

    @TestHTTPResource URI service;

    Door door;
    Client caller;

    @BeforeEach
    void createACallerWhenNoStreamIsOpen() {
        await().until(() -> openStreams() == 0);
        caller = Client.stranger(door);
    }

    @Test
    void sendsThoughtsAsTheyComplete() throws Exception {
        ObjectNode request = FollowedStream.request(caller);
        byte[] sealed = caller.sealed(request);
        try (FollowedStream stream = FollowedStream.get(caller, service, sealed)) {
            assertThat(stream.status()).isEqualTo(200);
            JsonNode open = stream.opened();
            assertThat(open.get("event").textValue()).isEqualTo("open");
            assertThat(open.get("status").intValue()).isEqualTo(200);
            assertThat(open.get("sequence").longValue()).isZero();
            assertThat(open.get("lost").booleanValue()).isFalse();
            assertThat(open.has("after")).isFalse();

            for (int i = 1; i <= 3; i++) {
                String thought = Canaries.thought();
                assertThat(caller.historyAfter(thought)).isEqualTo(i);
                JsonNode event = stream.opened();
                assertThat(event.get("event").textValue()).isEqualTo("thought");
                assertThat(event.get("sequence").longValue()).isEqualTo(i);
                assertThat(event.get("final").booleanValue()).isFalse();
                assertThat(event.get("tool").textValue()).isEqualTo("sequentialthinking");
                assertThat(event.at("/payload/thought").textValue()).isEqualTo(thought);
                assertThat(event.at("/result/thoughtHistoryLength").intValue()).isEqualTo(i);
                assertThat(event.get("at").longValue())
                        .isCloseTo(Instant.now().getEpochSecond(), within(60L));
                assertThat(event.get("request_id")).isEqualTo(request.get("request_id"));
                assertThat(event.get("request_hash").textValue()).isEqualTo(Client.sha256(sealed));
            }
        }
    }

    @Test
    void forbidsCachingAndBufferingOfEvents() throws Exception {
        try (FollowedStream stream = FollowedStream.of(caller, service)) {
            assertThat(stream.header("Content-Type")).startsWith("text/event-stream");
            assertThat(stream.header("Cache-Control")).isEqualTo("no-store");
            assertThat(stream.header("X-Accel-Buffering")).isEqualTo("no");
        }
    }

    @Test
    void acceptsTheEnvelopeAsABody() throws Exception {
        caller.historyAfter(Canaries.thought());
        byte[] sealed = caller.sealed(FollowedStream.request(caller));
        try (FollowedStream stream = FollowedStream.post(caller, service, sealed)) {
            assertThat(stream.opened().get("request_hash").textValue())
                    .isEqualTo(Client.sha256(sealed));
            assertThat(stream.opened().get("sequence").longValue()).isEqualTo(1);
        }
    }

    @Test
    void sendsNoThoughtsOfOtherHistories() throws Exception {
        Client other = Client.stranger(door);
        Client otherKey = new Client(door, caller.token());
        String mine = Canaries.thought();
        try (FollowedStream stream = FollowedStream.of(caller, service)) {
            stream.opened();
            other.historyAfter(Canaries.thought());
            otherKey.historyAfter(Canaries.thought());
            caller.historyAfter(Canaries.thought(), request -> request.put("session", "other"));
            caller.historyAfter(mine);

            JsonNode event = stream.opened();
            assertThat(event.get("sequence").longValue()).isEqualTo(1);
            assertThat(event.at("/payload/thought").textValue()).isEqualTo(mine);
        }
    }

    @Test
    void followsTheRequestedSession() throws Exception {
        String mine = Canaries.thought();
        caller.historyAfter(Canaries.thought());
        caller.historyAfter(mine, request -> request.put("session", "other"));
        ObjectNode request = FollowedStream.request(caller).put("session", "other");
        try (FollowedStream stream = FollowedStream.get(caller, service, request)) {
            stream.opened();
            assertThat(stream.opened().at("/payload/thought").textValue()).isEqualTo(mine);
        }
    }

    @Test
    void storesNoCallThatItsToolRefused() throws Exception {
        ObjectNode call = caller.request(Canaries.thought());
        call.withObject("payload").put("thoughtNumber", "one");
        caller.post(caller.sealed(call)).then().statusCode(200);
        String good = Canaries.thought();
        assertThat(caller.historyAfter(good)).isEqualTo(1);
        try (FollowedStream stream = FollowedStream.of(caller, service)) {
            stream.opened();
            JsonNode first = stream.opened();
            assertThat(first.get("sequence").intValue()).isEqualTo(1);
            assertThat(first.at("/payload/thought").textValue()).isEqualTo(good);
        }
    }

    @Test
    void resumesAfterTheLastReceivedEvent() throws Exception {
        String epoch = think(3);

        ObjectNode request = FollowedStream.request(caller);
        request.putObject("after").put("epoch", epoch).put("sequence", 2);
        try (FollowedStream stream = FollowedStream.get(caller, service, request)) {
            assertBegins(stream, epoch, 2, false);
            assertThat(stream.opened().get("sequence").longValue()).isEqualTo(3);
        }
        try (FollowedStream stream =
                FollowedStream.get(
                        caller, service, FollowedStream.request(caller), "Last-Event-ID", "1")) {
            JsonNode open = assertBegins(stream, epoch, 1, false);
            assertThat(open.get("after").longValue()).isEqualTo(1);
            assertThat(stream.opened().get("sequence").longValue()).isEqualTo(2);
        }
    }

    @Test
    void prefersTheSealedPositionToTheHeader() throws Exception {
        String epoch = think(3);
        ObjectNode request = FollowedStream.request(caller);
        request.putObject("after").put("epoch", epoch).put("sequence", 1);
        try (FollowedStream stream =
                FollowedStream.get(caller, service, request, "Last-Event-ID", "3")) {
            assertBegins(stream, epoch, 1, false);
        }
    }

    @Test
    void restartsForAPositionBeyondTheEndOrOfAnotherEpoch() throws Exception {
        String epoch = think(2);
        ObjectNode beyond = FollowedStream.request(caller);
        beyond.putObject("after").put("epoch", epoch).put("sequence", 3);
        ObjectNode another = FollowedStream.request(caller);
        another.putObject("after").put("epoch", "another").put("sequence", 1);
        for (ObjectNode request : List.of(beyond, another)) {
            try (FollowedStream stream = FollowedStream.get(caller, service, request)) {
                assertBegins(stream, epoch, 0, true);
                assertThat(stream.opened().get("sequence").longValue()).isEqualTo(1);
            }
        }
        try (FollowedStream stream =
                FollowedStream.get(
                        caller, service, FollowedStream.request(caller), "Last-Event-ID", "3")) {
            assertBegins(stream, epoch, 0, true);
        }
    }

    @Test
    void endsWhenTheTokenExpires() throws Exception {
        String token =
                door.issuer()
                        .token(
                                "short-lived",
                                claims ->
                                        claims.setClaim("exp", Instant.now().getEpochSecond() + 4));
        Client shortLived = new Client(door, token);
        try (FollowedStream stream = FollowedStream.of(shortLived, service)) {
            stream.opened();
            shortLived.historyAfter(Canaries.thought());
            JsonNode thought = stream.opened();
            JsonNode end = stream.opened();
            assertThat(end.get("event").textValue()).isEqualTo("end");
            assertThat(end.get("reason").textValue()).isEqualTo("token-expired");
            assertThat(end.get("final").booleanValue()).isTrue();
            assertThat(end.get("epoch")).isEqualTo(thought.get("epoch"));
            assertThat(end.get("sequence").longValue()).isEqualTo(1);
            assertThat(stream.isOver()).isTrue();
        }
    }

    @Test
    void countsOpenStreamsUntilTheirReadersDisconnect() throws Exception {
        try (FollowedStream stream = FollowedStream.of(caller, service)) {
            stream.opened();
            await().until(() -> openStreams() == 1);
        }
        await().until(() -> openStreams() == 0);
    }

    @Test
    void limitsTheStreamsOfACaller() throws Exception {
        List<FollowedStream> streams = new ArrayList<>();
        try {
            for (int i = 0; i < LiveStreams.MOST_PER_CALLER; i++) {
                streams.add(FollowedStream.of(caller, service));
                assertThat(streams.getLast().status()).isEqualTo(200);
            }
            try (FollowedStream oneMore = FollowedStream.of(caller, service)) {
                assertThat(oneMore.status()).isEqualTo(429);
                assertThat(oneMore.header("Retry-After")).isNotEmpty();
                assertThat(oneMore.body()).asString().contains("\"code\":\"caller-busy\"");
            }
            try (FollowedStream others = FollowedStream.of(Client.stranger(door), service)) {
                assertThat(others.status()).isEqualTo(200);
            }
            streams.removeLast().close();
            await().until(() -> openStreams() == LiveStreams.MOST_PER_CALLER - 1);
            streams.add(FollowedStream.of(caller, service));
            assertThat(streams.getLast().status()).isEqualTo(200);
        } finally {
            streams.forEach(FollowedStream::close);
        }
        await().until(() -> openStreams() == 0);
    }

    @Test
    void freesThePlaceOfARejectedStream() throws Exception {
        ask("").then().statusCode(400);
        ask("!").then().statusCode(400);
        await().until(() -> openStreams() == 0);
    }

    @RepeatedTest(2)
    void freesThePlaceOfAReaderThatDisconnectedEarly() throws Exception {
        String head =
                ("POST /mcp/sse HTTP/1.1\r\nHost: door\r\nAuthorization: Bearer %s\r\n"
                                + "Content-Type: application/age\r\nContent-Length: 5\r\n\r\n")
                        .formatted(caller.token());
        try (ExecutorService many = Executors.newFixedThreadPool(32)) {
            for (int i = 0; i < 2_000; i++) {
                many.execute(() -> disconnectAfter(head + "wrong"));
            }
        }

        // the last requests may not have been processed yet
        await().until(this::mayFollow);
        await().until(() -> openStreams() == 0);
    }

    private boolean mayFollow() throws Exception {
        try (FollowedStream stream = FollowedStream.of(caller, service)) {
            return stream.status() == 200;
        }
    }

    private void disconnectAfter(String request) {
        try (Socket socket = new Socket(service.getHost(), service.getPort())) {
            socket.setSoLinger(true, 0);
            socket.getOutputStream().write(request.getBytes(US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void theAgeToolDecryptsEvents(@TempDir Path folder) throws Exception {
        CommandLineTool age = CommandLineTool.needed("age", folder);
        Path identity = Files.writeString(folder.resolve("key"), caller.key().secret() + "\n");
        String thought = Canaries.thought();
        caller.historyAfter(thought);
        try (FollowedStream stream = FollowedStream.of(caller, service)) {
            stream.next();
            byte[] opened =
                    age.run(stream.next().sealed(), "--decrypt", "-i", identity.toString())
                            .orFail();
            assertThat(opened).asString().contains(thought).contains("\"sequence\":1");
        }
    }

    @Test
    void requiresAnEnvelope() {
        given().header("Authorization", "Bearer " + caller.token())
                .get("/mcp/sse")
                .then()
                .statusCode(400)
                .body("code", equalTo("envelope-required"));
        ask("").then().statusCode(400).body("code", equalTo("envelope-required"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"!", "YWdl", "YQ=", "æ"})
    void rejectsAHeaderWithoutARequest(String header) {
        ask(header).then().statusCode(400).body("code", equalTo("malformed"));
    }

    @Test
    void rejectsAPaddedOrRepeatedHeader() {
        byte[] sealed =
                Stream.of("x", "xx")
                        .map(name -> FollowedStream.request(caller).put("session", name))
                        .map(caller::sealed)
                        .filter(bytes -> bytes.length % 3 != 0)
                        .findFirst()
                        .orElseThrow();
        String unpadded = Base64.getUrlEncoder().withoutPadding().encodeToString(sealed);
        String padded = Base64.getUrlEncoder().encodeToString(sealed);

        ask(padded).then().statusCode(400).body("code", equalTo("malformed"));
        ask(unpadded, unpadded).then().statusCode(400).body("code", equalTo("malformed"));
    }

    @Test
    void rejectsARequestForAnotherRouteOrToken() throws Exception {
        Client other = Client.stranger(door);
        byte[] otherToken = other.sealed(FollowedStream.request(other));
        byte[] otherRoute =
                caller.sealed(FollowedStream.request(caller).put("to", Door.TOOL_ROUTE));
        for (byte[] sealed : List.of(otherToken, otherRoute)) {
            try (FollowedStream stream = FollowedStream.get(caller, service, sealed)) {
                assertThat(stream.status()).isEqualTo(400);
                assertThat(stream.body()).asString().contains("\"code\":\"malformed\"");
            }
        }
        caller.post(caller.sealed(FollowedStream.request(caller))).then().statusCode(400);
    }

    @Test
    void answers422ToARequestSealedToAnotherKey() throws Exception {
        byte[] sealed =
                Client.sealed(
                        FollowedStream.request(caller),
                        AgeKey.generate().recipient(),
                        Encoding.BINARY);
        try (FollowedStream stream = FollowedStream.get(caller, service, sealed)) {
            assertThat(stream.status()).isEqualTo(422);
        }
    }

    @Test
    void reportsARejectedRequestInsideTheSeal() throws Exception {
        ObjectNode stale = FollowedStream.request(caller).put("issued_at", 1);
        ObjectNode badAfter = FollowedStream.request(caller).put("after", 7);
        assertRefused(stale, "stale-request");
        assertRefused(badAfter, "bad-request");
    }

    @Test
    void checksTheTokenFirst() {
        given().accept("text/plain").get("/mcp/sse").then().statusCode(401);
        given().contentType("text/plain").body("x").post("/mcp/sse").then().statusCode(401);
        String noScope =
                door.issuer().token("no-scope", claims -> claims.setClaim("scope", "other"));
        given().header("Authorization", "Bearer " + noScope)
                .get("/mcp/sse")
                .then()
                .statusCode(403)
                .body("code", equalTo("insufficient-scope"));
    }

    @Test
    void rejectsUnsupportedMediaTypes() {
        given().header("Authorization", "Bearer " + caller.token())
                .accept("application/json")
                .get("/mcp/sse")
                .then()
                .statusCode(406)
                .body("code", equalTo("not-acceptable"));
        given().header("Authorization", "Bearer " + caller.token())
                .contentType("application/json")
                .body("{}")
                .post("/mcp/sse")
                .then()
                .statusCode(415);
    }

    @Test
    void sendsAllowForAnUnsupportedMethod() {
        given().delete("/mcp/sse").then().statusCode(405).header("Allow", "GET, HEAD, POST");
    }

    @Test
    void countsAnOpenedStreamAsARequest() throws Exception {
        Scrape before = Scrape.now();
        try (FollowedStream stream = FollowedStream.of(caller, service)) {
            stream.opened();
            assertThat(Scrape.now().since(before, "seqthink_requests_total")).isEqualTo(1);
        }
        assertThat(Scrape.now().since(before, "seqthink_errors_total")).isZero();
        assertThat(Scrape.now().names())
                .contains("seqthink_streams_cut_total", "seqthink_unstreamed_thoughts_total");
    }

    /** Completes some thoughts and returns their epoch. */
    private String think(int times) throws Exception {
        for (int i = 0; i < times; i++) {
            caller.historyAfter(Canaries.thought());
        }
        try (FollowedStream stream = FollowedStream.of(caller, service)) {
            return stream.opened().get("epoch").textValue();
        }
    }

    private static JsonNode assertBegins(
            FollowedStream stream, String epoch, long sequence, boolean lost) throws Exception {
        JsonNode open = stream.opened();
        assertThat(open.get("epoch").textValue()).isEqualTo(epoch);
        assertThat(open.get("sequence").longValue()).isEqualTo(sequence);
        assertThat(open.get("lost").booleanValue()).isEqualTo(lost);
        return open;
    }

    private void assertRefused(ObjectNode request, String code) throws Exception {
        try (FollowedStream stream = FollowedStream.get(caller, service, request)) {
            assertThat(stream.status()).isEqualTo(403);
            assertThat(stream.header("Content-Type")).isEqualTo("application/age");
            JsonNode reply = Client.open(stream.body(), caller.key());
            assertThat(reply.get("request_id")).isEqualTo(request.get("request_id"));
            assertThat(reply.at("/error/code").textValue()).isEqualTo(code);
        }
    }

    private Response ask(String header, String... more) {
        return given().header("Authorization", "Bearer " + caller.token())
                .header("Sealed-Envelope", header, (Object[]) more)
                .get("/mcp/sse");
    }

    private static double openStreams() {
        return Scrape.now().values().get(OPEN_STREAMS);
    }
}
