package services.chorus.seqthink.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import services.chorus.seqthink.testing.AcceptingGateway;
import services.chorus.seqthink.testing.Client;
import services.chorus.seqthink.testing.Door;
import services.chorus.seqthink.testing.MalformedRequests;
import services.chorus.seqthink.testing.RawHttp;
import services.chorus.seqthink.testing.RawHttp2;

/** Requests that are malformed as HTTP: one answer, and nothing after them is a request. */
@QuarkusTest
@WithTestResource(Door.class)
class MalformedRequestTest {

    private static final String NEXT = "GET /ready HTTP/1.1\r\nHost: localhost\r\n\r\n";
    private static final String GOOD = "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n";

    private static final int ROUNDS = 20;
    private static final int CALLS = 3;

    @TestHTTPResource URI service;

    Door door;

    static Stream<String> malformed() {
        return MalformedRequests.all();
    }

    @BeforeEach
    void awaitReadiness() {
        AcceptingGateway.awaitDefault();
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void isAnswered400AndEndsItsConnection(String request) throws IOException {
        String answers = RawHttp.untilClosed(service, request + NEXT);

        assertThat(statuses(answers)).containsExactly("400");
        assertThat(answers.toLowerCase())
                .contains("\r\nconnection: close\r\n", "\r\nx-content-type-options: nosniff\r\n")
                .endsWith("\r\n\r\n");
    }

    @Test
    void comesAfterTheAnswersToRequestsBeforeIt() throws IOException {
        String answers =
                RawHttp.untilClosed(
                        service, GOOD + GOOD + GOOD.replace("\r\n\r\n", "\r\n : x\r\n\r\n") + NEXT);

        assertThat(statuses(answers)).containsExactly("200", "200", "400");
    }

    @Test
    void comesAfterTheAnswersToSlowRequestsBeforeIt() throws IOException {
        Client caller = Client.stranger(door);
        for (int round = 0; round < ROUNDS; round++) {
            StringBuilder requests = new StringBuilder();
            for (int call = 0; call < CALLS; call++) {
                String body = new String(caller.sealed(caller.request("x")), ISO_8859_1);
                requests.append(call(caller, "Content-Length: " + body.length())).append(body);
            }
            requests.append("GET /health HTTP/1.1\r\nHost: localhost\r\nX : y\r\n\r\n");

            assertThat(statuses(RawHttp.untilClosed(service, requests + NEXT)))
                    .containsExactly("200", "200", "200", "400");
        }
    }

    @Test
    void endsARequestWhoseHeadWasPassedOn() throws IOException {
        Client caller = Client.stranger(door);
        String head = call(caller, "Transfer-Encoding: chunked") + "5\r\nHELLO\r\n";

        String answers = RawHttp.untilClosed(service, head, " 5\r\nHELLO\r\n0\r\n\r\n" + NEXT);

        assertThat(statuses(answers)).containsExactly("400");
    }

    @Test
    void isNotAnsweredInTheMiddleOfOtherAnswers() throws IOException {
        Client caller = Client.stranger(door);
        String first = call(caller, "Content-Length: 5") + "HELL";
        String second = call(caller, "Transfer-Encoding: chunked") + "5\r\nHELLO\r\n";

        String answers =
                RawHttp.untilClosed(
                        service, first, "O" + second, " 5\r\nHELLO\r\n0\r\n\r\n" + NEXT);

        // the first one does not decrypt; the second has no answer if the first had not ended
        assertThat(answers).matches("(?s)(HTTP/1.1 400 .*malformed.*(HTTP/1.1 400 .*)?)?");
    }

    private static String call(Client caller, String framing) {
        return ("POST /mcp/tool HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n"
                        + "Content-Type: application/age\r\n%s\r\n\r\n")
                .formatted(caller.token(), framing);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Transfer-Encoding: gzip, chunked",
                "Transfer-Encoding: deflate,x-gzip , Chunked"
            })
    void hasAnUnknownCoding(String coding) throws IOException {
        String post = "POST /health HTTP/1.1\r\nHost: localhost\r\n" + coding + "\r\n\r\n0\r\n\r\n";

        assertThat(statuses(RawHttp.untilClosed(service, post + NEXT))).containsExactly("501");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /health HTTP/1.1\r\nHost: localhost\r\nX:\r\nY: a\tb \u00e9\r\n\r\n",
                "\r\nGET /health HTTP/1.1\r\nhOsT:localhost:8443 \t\r\n\r\n",
                "GET /health HTTP/1.1\r\nHost: [::1]:8443\r\nContent-Length: 005\r\n\r\nHELLO",
                "GET /health HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: CHUNKED\r\n\r\n0\r\n\r\n",
                "GET /health HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked \r\n\r\n"
                        + "5;a;b=c;d=\"e \\\" f\"\r\nHELLO\r\n0005\r\nHELLO\r\n0;a\r\nT: x\r\n\r\n",
                "GET /health HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
                "GET /health HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\n"
                        + "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n",
                "GET /health HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                        + "Sec-WebSocket-Version: 13\r\n\r\n"
            })
    void isNotThis(String request) throws IOException {
        String last = GOOD.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n");

        assertThat(statuses(RawHttp.untilClosed(service, request + last)))
                .containsExactly("200", "200");
    }

    static Stream<Map.Entry<String, String>> malformedFields() {
        return Stream.of(
                Map.entry("x", "a\rb"),
                Map.entry("x", "a\nb"),
                Map.entry("x", "a\r\nb: c"),
                Map.entry("x", "a\u0000b"),
                Map.entry("x", "a\u0001b"),
                Map.entry("x", "a\u007fb"),
                Map.entry("x", "\u0000"),
                Map.entry("x", " a"),
                Map.entry("x", "a "),
                Map.entry("x", "\ta"),
                Map.entry("x", "a\t"),
                Map.entry("x\r\ny", "a"),
                Map.entry("x\ny", "a"),
                Map.entry("x\u0000", "a"),
                Map.entry("x y", "a"),
                Map.entry("x:", "a"),
                Map.entry("x\u00e9", "a"),
                Map.entry("X", "a"),
                Map.entry("", "a"),
                Map.entry("connection", "close"),
                Map.entry("connection", "x"),
                Map.entry("keep-alive", "timeout=5"),
                Map.entry("proxy-connection", "close"),
                Map.entry("transfer-encoding", "chunked"),
                Map.entry("transfer-encoding", "identity"),
                Map.entry("upgrade", "h2c"),
                Map.entry("te", "gzip"),
                Map.entry("te", "trailers, deflate"),
                Map.entry("content-length", "5"),
                Map.entry("content-length", "-1"),
                Map.entry("content-length", "+0"),
                Map.entry("content-length", "0x0"),
                Map.entry("content-length", ""),
                Map.entry("host", "other"),
                Map.entry("host", "other\r\n"),
                Map.entry(":method", "POST"),
                Map.entry(":path", "/metrics"),
                Map.entry(":scheme", "https"),
                Map.entry(":authority", "other"),
                Map.entry(":protocol", "websocket"),
                Map.entry(":status", "200"),
                Map.entry(":unknown", "x"));
    }

    @ParameterizedTest
    @MethodSource("malformedFields")
    void isResetInHttp2(Map.Entry<String, String> field) throws Exception {
        List<Map.Entry<String, String>> fields = new ArrayList<>(fields());
        // Netty detects a pseudo-header after another field by itself
        fields.add(field.getKey().startsWith(":") ? 0 : fields.size(), field);

        assertRejected(fields);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ":path=",
                ":path=x",
                ":path=health",
                ":path=http://localhost/health",
                ":path=/health x",
                ":path=/health\r\nX: y",
                ":path=/health\u0000",
                ":path=/h\u00e9alth",
                ":path=\\health",
                ":path=*health",
                ":path=?/health",
                ":method=",
                ":method=G T",
                ":method=GET\r\n",
                ":method=G\u0000T",
                ":method=GET ",
                ":scheme=",
                ":scheme=ftp",
                ":scheme=HTTP",
                ":scheme=http\r\n",
                ":scheme=x:http",
                ":authority=",
                ":authority=a b",
                ":authority=user@localhost",
                ":authority=localhost\r\nX: y",
                ":authority=localhost/",
                ":authority=\u0000"
            })
    void hasAMalformedPseudoHeaderInHttp2(String field) throws Exception {
        String[] parts = field.split("=", 2);
        assertRejected(
                fields().stream()
                        .map(
                                each ->
                                        each.getKey().equals(parts[0])
                                                ? Map.entry(parts[0], parts[1])
                                                : each)
                        .toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {":method", ":path", ":scheme", ":authority"})
    void lacksAPseudoHeaderInHttp2(String name) throws Exception {
        assertRejected(fields().stream().filter(field -> !field.getKey().equals(name)).toList());
    }

    private void assertRejected(List<Map.Entry<String, String>> fields) throws Exception {
        try (RawHttp2 connection = new RawHttp2(service)) {
            assertThat(connection.request(fields())).isEqualTo("200");
            assertThat(connection.request(fields)).isIn("400", "reset", "closed");
        }
    }

    private static List<Map.Entry<String, String>> fields() {
        return List.of(
                Map.entry(":method", "GET"),
                Map.entry(":scheme", "http"),
                Map.entry(":authority", "localhost"),
                Map.entry(":path", "/health"),
                Map.entry("x", "a b\t\u00e9"),
                Map.entry("y", ""),
                Map.entry("te", "trailers"));
    }

    private static List<String> statuses(String answers) {
        return Stream.of(answers.split("(?=HTTP/1\\.[01] )"))
                .map(answer -> answer.split(" ", 3)[1])
                .toList();
    }
}
