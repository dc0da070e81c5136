package services.chorus.seqthink.http;

import static io.restassured.RestAssured.given;
import static io.restassured.RestAssured.when;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.equalToIgnoringCase;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import services.chorus.seqthink.testing.AcceptingGateway;
import services.chorus.seqthink.testing.Canaries;
import services.chorus.seqthink.testing.Client;
import services.chorus.seqthink.testing.CommandLineTool;
import services.chorus.seqthink.testing.Door;
import services.chorus.seqthink.testing.FollowedStream;
import services.chorus.seqthink.testing.Scrape;

/** Checks of hosts, origins and paths before routing, and the headers of every answer. */
@QuarkusTest
@WithTestResource(
        value = Door.class,
        initArgs = {
            @ResourceArg(name = "seqthink.gateway.allowed-origins", value = DoorstepTest.APP),
            @ResourceArg(
                    name = "seqthink.gateway.allowed-hosts",
                    value = "localhost,127.0.0.1,[::1],door.example,other.example:8443")
        })
class DoorstepTest {

    static final String APP = "https://app.example";

    private static final int WAIT_MILLIS = 20_000;
    private static final List<String> HEADERS =
            List.of(
                    "x-content-type-options: nosniff",
                    "x-frame-options: deny",
                    "content-security-policy: default-src 'none'",
                    "referrer-policy: no-referrer",
                    "cache-control: no-store");

    private static final Pattern HEAD =
            Pattern.compile(
                    "HTTP/1\\.[01] \\d{3} .*?\\ncontent-length: (\\d+)\r\n.*?\r\n\r\n",
                    Pattern.DOTALL | Pattern.CASE_INSENSITIVE);

    @TestHTTPResource URI service;
    @TempDir Path folder;

    Door door;

    @BeforeEach
    void awaitReadiness() {
        AcceptingGateway.awaitDefault();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "door.example",
                "DOOR.example",
                "door.example:9",
                "[::1]",
                "localhost:8443",
                "other.example:8443"
            })
    void acceptsAllowedHosts(String host) throws IOException {
        assertThat(status(get("/.well-known/age-recipients", "Host: " + host))).isEqualTo("200");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost.evil.example",
                "evil.example",
                "door.example.evil.example",
                "door.example.",
                "sub.door.example",
                "127.0.0.2",
                "other.example",
                "other.example:443"
            })
    void rejectsOtherHosts(String host) throws IOException {
        for (String path : List.of("/.well-known/age-recipients", "/mcp/tool", "/nothing")) {
            assertThat(get(path, "Host: " + host))
                    .startsWith("HTTP/1.1 421 ")
                    .contains("content-type: application/problem+json\r\n")
                    .contains("\"code\":\"wrong-host\"");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Host: door.example:http", "Host: door.example:99999", "Host: [::1"})
    void rejectsAMalformedHost(String headers) throws IOException {
        for (String path : List.of("/.well-known/age-recipients", "/health")) {
            assertThat(get(path, headers))
                    .startsWith("HTTP/1.1 400 ")
                    .contains("content-type: application/problem+json\r\n")
                    .contains("\"code\":\"bad-request\"");
        }
    }

    @Test
    void answersProbesOfHttp10WithoutAHost() throws IOException {
        assertThat(sent("GET /health HTTP/1.0\r\n\r\n")).contains(" 200 OK");
        assertThat(sent("GET /mcp/tool HTTP/1.0\r\n\r\n")).contains(" 421 ");
    }

    @ParameterizedTest
    @CsvSource({
        "http://door.example/.well-known/age-recipients,200",
        "http://evil.example/.well-known/age-recipients,421",
        "http://door.example@evil.example/.well-known/age-recipients,400",
        "http://other.example:8443/.well-known/age-recipients,404"
    })
    void checksTheHostOfAnAbsoluteRequestTarget(String target, String status) throws IOException {
        assertThat(status(get(target, "Host: door.example"))).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({
        "door.example,/.well-known/age-recipients,200",
        "other.example:8443,/.well-known/age-recipients,200",
        "evil.example,/.well-known/age-recipients,421",
        "other.example,/.well-known/age-recipients,421",
        "evil.example,/health,200"
    })
    void checksTheAuthorityOfAnHttp2Request(String authority, String path, String status)
            throws Exception {
        assertThat(byHttp2(path, "-H", "Host: " + authority))
                .startsWith("HTTP/2 " + status)
                .contains("x-content-type-options: nosniff");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/health",
                "/ready",
                "/metrics",
                "/q/health",
                "/q/health/live",
                "/q/health/ready",
                "/q/health/started"
            })
    void answersProbesUnderAnyHost(String path) throws IOException {
        assertThat(status(get(path, "Host: 10.1.2.3:8443"))).isEqualTo("200");
    }

    @Test
    void closesAConnectionAfterItsAnswerWhenAsked() throws IOException {
        for (int scrape = 0; scrape < 150; scrape++) {
            assertThat(get("/metrics", "Host: 10.1.2.3:8443")).endsWith("# EOF\n");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/health/../.well-known/age-recipients",
                "/q/health/../../.well-known/age-recipients",
                "/q/health/%2e%2e/%2e%2e/.well-known/age-recipients",
                "/metrics;x/../.well-known/age-recipients"
            })
    void checksTheHostOfPathsThatOnlyLookLikeProbes(String path) throws IOException {
        assertThat(status(get(path, "Host: evil.example"))).isEqualTo("421");
        assertThat(status(get(path, "Host: door.example"))).isEqualTo("404");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/mcp/../metrics",
                "/mcp/%2e%2e/metrics",
                "/mcp/.%2E/metrics",
                "//metrics",
                "/./metrics",
                "/%6detrics",
                "/mcp/..;/metrics",
                "http://door.example/mcp/../metrics"
            })
    void answers404ToPathsThatAreNotInNormalForm(String path) throws IOException {
        assertThat(status(get(path, "Host: door.example"))).isEqualTo("404");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/mcp;a=b/tool",
                "/mcp/tool;a=b",
                "/.well-known;a/age-recipients",
                "/health;"
            })
    void answers404ToPathsWithParameters(String path) throws IOException {
        assertThat(status(get(path, "Host: door.example"))).isEqualTo("404");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example",
                "http://app.example",
                "https://app.example:443",
                "https://app.example:8443",
                "https://app.example/",
                "https://APP.example",
                "https://app.example.evil.example",
                "https://door.example",
                "null",
                ""
            })
    void rejectsOtherOrigins(String origin) {
        RequestSpecification page = given().header("Origin", origin);
        assertWrongOrigin(page.get("/.well-known/age-recipients").then());
        assertWrongOrigin(page.post("/mcp/tool").then());
        assertWrongOrigin(page.get("/health").then());
        assertWrongOrigin(
                page.header("Access-Control-Request-Method", "POST").options("/mcp/tool").then());
    }

    @Test
    void rejectsTwoOriginHeaders() throws IOException {
        String two = "Host: door.example\r\nOrigin: " + APP + "\r\nOrigin: " + APP;
        assertThat(status(get("/health", two))).isEqualTo("403");
    }

    @Test
    void answersThePreflightOfAnAllowedOrigin() {
        given().header("Origin", APP)
                .header("Access-Control-Request-Method", "POST")
                .header("Access-Control-Request-Headers", "authorization,content-type")
                .options("/mcp/tool")
                .then()
                .statusCode(204)
                .header("Access-Control-Allow-Origin", APP)
                .header("Access-Control-Allow-Methods", containsString("POST"))
                .header("Access-Control-Allow-Headers", containsString("Authorization"))
                .header("Access-Control-Allow-Headers", containsString("Content-Type"))
                .header("Access-Control-Allow-Credentials", nullValue())
                .header("Vary", "Origin")
                .header("X-Content-Type-Options", "nosniff");
    }

    @Test
    void letsAnAllowedOriginReadItsAnswer() {
        Client caller = Client.stranger(door);
        given().header("Origin", APP)
                .header("Authorization", "Bearer " + caller.token())
                .contentType("application/age")
                .body(caller.sealed(caller.request(Canaries.thought())))
                .post("/mcp/tool")
                .then()
                .statusCode(200)
                .header("Access-Control-Allow-Origin", APP)
                .header("Access-Control-Expose-Headers", containsString("WWW-Authenticate"))
                .header("Access-Control-Allow-Credentials", nullValue())
                .header("Vary", "Origin");
        given().header("Origin", APP)
                .post("/mcp/tool")
                .then()
                .statusCode(401)
                .header("Access-Control-Allow-Origin", APP);
    }

    @Test
    void sendsVaryForCaches() {
        when().get("/.well-known/age-recipients")
                .then()
                .statusCode(200)
                .header("Vary", "Origin")
                .header("Access-Control-Allow-Origin", nullValue());
    }

    @Test
    void keepsTheConnectionUsableAfterAnUnreadBody() throws IOException {
        String both =
                """
                POST /mcp/tool HTTP/1.1\r
                Host: evil.example\r
                Content-Length: 5\r
                \r
                HELLOGET /health HTTP/1.1\r
                Host: door.example\r
                Connection: close\r
                \r
                """;
        assertThat(sent(both)).contains("HTTP/1.1 421 ").contains("HTTP/1.1 200 ").endsWith("OK");
    }

    @Test
    void countsRejectedHostsAndOrigins() throws IOException {
        Scrape before = Scrape.now();
        get("/mcp/tool", "Host: evil.example");
        get("/nothing", "Host: evil.example");
        given().header("Origin", "https://evil.example").get("/health");
        Scrape after = Scrape.now();

        assertThat(after.since(before, "seqthink_turned_away_total")).isEqualTo(3);
        assertThat(after.since(before, "seqthink_requests_total")).isEqualTo(1);
        assertThat(after.since(before, "seqthink_errors_total")).isEqualTo(1);
        assertThat(after.since(before, "seqthink_policy_denials_total")).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "GET,/health,200",
        "HEAD,/health,200",
        "GET,/ready,200",
        "GET,/q/health,200",
        "GET,/metrics,200",
        "GET,/.well-known/oauth-protected-resource,200",
        "GET,/nothing/here,404",
        "GET,/q/nothing,404",
        "DELETE,/mcp/tool,405",
        "POST,/mcp/tool,401",
        "BREW,/health,405"
    })
    void addsSecurityHeadersToEveryAnswer(String method, String target, String status)
            throws IOException {
        assertHasSecurityHeaders(sent(request(method, target, "Host: door.example")), status);
    }

    @Test
    void answersAnUnroutableTargetWithAProblem() throws IOException {
        String answer = sent(request("OPTIONS", "*", "Host: door.example"));

        assertHasSecurityHeaders(answer, "404");
        assertThat(answer)
                .contains("content-type: application/problem+json\r\n")
                .contains("\"code\":\"not-found\"");
    }

    @Test
    void addsSecurityHeadersToAnswersBeforeRouting() throws IOException {
        assertHasSecurityHeaders(get("/" + "x".repeat(5_000), "Host: door.example"), "414");
        assertHasSecurityHeaders(
                get("/health", "Host: door.example\r\nX: " + "x".repeat(33_000)), "431");
        assertHasSecurityHeaders(get("/health", "Host: door.example\r\nno colon"), "400");
        assertHasSecurityHeaders(get("/%zz", "Host: door.example"), "400");
        assertHasSecurityHeaders(sent("GET /health HTTP/7.3\r\nHost: door.example\r\n\r\n"), "400");
        assertHasSecurityHeaders(
                get("/health", "Host: evil.example\r\nOrigin: https://evil.example"), "403");
        assertHasSecurityHeaders(get("/mcp/tool", "Host: evil.example"), "421");
        assertHasSecurityHeaders(get("/mcp/tool", "X: y"), "400");
    }

    @Test
    void addsSecurityHeadersToRejectedAndAcceptedCalls() {
        Client caller = Client.stranger(door);
        byte[] sealed = caller.sealed(caller.request(Canaries.thought()));
        assertHasSecurityHeaders(caller.post(sealed).then().statusCode(200));
        assertHasSecurityHeaders(caller.post(sealed).then().statusCode(409));
        assertHasSecurityHeaders(caller.post(new byte[5 << 20]).then().statusCode(413));
        assertHasSecurityHeaders(caller.post(new byte[7]).then().statusCode(400));
        assertHasSecurityHeaders(
                given().header("Authorization", "Bearer " + caller.token())
                        .contentType("text/plain")
                        .body("x")
                        .post("/mcp/tool")
                        .then()
                        .statusCode(415));
    }

    @Test
    void addsSecurityHeadersToStreams() throws Exception {
        try (FollowedStream stream = FollowedStream.of(Client.stranger(door), service)) {
            assertThat(stream.status()).isEqualTo(200);
            for (String header : HEADERS) {
                String[] parts = header.split(": ");
                assertThat(stream.header(parts[0])).isEqualToIgnoringCase(parts[1]);
            }
        }
    }

    private static void assertHasSecurityHeaders(String answer, String status) {
        assertThat(status(answer)).isEqualTo(status);
        String head = answer.split("\r\n\r\n", 2)[0].toLowerCase();
        assertThat(head.split("\r\n")).containsAll(HEADERS).doesNotHaveDuplicates();
        assertThat(head).doesNotContain("strict-transport-security");
    }

    private static void assertHasSecurityHeaders(ValidatableResponse answer) {
        for (String header : HEADERS) {
            String[] parts = header.split(": ");
            answer.header(parts[0], equalToIgnoringCase(parts[1]));
        }
    }

    private static void assertWrongOrigin(ValidatableResponse answer) {
        answer.statusCode(403)
                .contentType("application/problem+json")
                .body("code", equalTo("wrong-origin"))
                .header("Access-Control-Allow-Origin", nullValue());
    }

    private String get(String target, String headers) throws IOException {
        return sent(request("GET", target, headers));
    }

    private static String request(String method, String target, String headers) {
        return "%s %s HTTP/1.1\r\n%s\r\nConnection: close\r\n\r\n"
                .formatted(method, target, headers);
    }

    /** The answers to requests, the last of which closes the connection. */
    private String sent(String requests) throws IOException {
        int wanted = requests.split(" HTTP/\\d\\.\\d\r\n", -1).length - 1;
        try (Socket socket = new Socket(service.getHost(), service.getPort())) {
            socket.setSoTimeout(WAIT_MILLIS);
            socket.getOutputStream().write(requests.getBytes(US_ASCII));
            socket.getOutputStream().flush();
            StringBuilder answers = new StringBuilder();
            byte[] piece = new byte[8192];
            for (int read = 0; read >= 0 && !areComplete(answers.toString(), wanted); ) {
                read = socket.getInputStream().read(piece);
                answers.append(new String(piece, 0, Math.max(read, 0), US_ASCII));
            }
            return answers.toString();
        }
    }

    /** Decides by length, since the end of a connection is not always visible at once. */
    private static boolean areComplete(String answers, int wanted) {
        List<MatchResult> heads = HEAD.matcher(answers).results().toList();
        return heads.size() == wanted
                && answers.length() - heads.getLast().end()
                        >= Integer.parseInt(heads.getLast().group(1));
    }

    private static String status(String answer) {
        return answer.split(" ", 3)[1];
    }

    private String byHttp2(String path, String... options) throws Exception {
        String[] all = new String[options.length + 4];
        System.arraycopy(options, 0, all, 4, options.length);
        all[0] = "-sS";
        all[1] = "-i";
        all[2] = "--http2-prior-knowledge";
        all[3] = service.resolve(path).toString();
        return new String(CommandLineTool.needed("curl", folder).run(all).orFail(), US_ASCII);
    }
}
