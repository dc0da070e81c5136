package services.chorus.seqthink.testing;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * HTTP/1 requests that RFC 9112 forbids, or that two servers could read as different requests. Each
 * string is everything that is sent on one connection, with one char per byte.
 */
public final class MalformedRequests {

    private static final String HOST = "Host: localhost\r\n";
    private static final String LINE = "GET /health HTTP/1.1\r\n";

    private MalformedRequests() {}

    public static Stream<String> all() {
        return Stream.of(requestLines(), fields(), hosts(), lengths(), codings(), chunks())
                .flatMap(requests -> requests);
    }

    /** Chars that are neither visible ASCII nor space, tab, CR or LF. */
    private static Stream<String> controls() {
        return IntStream.concat(IntStream.range(0, 0x20), IntStream.of(0x7f))
                .filter(each -> each != '\t' && each != '\r' && each != '\n')
                .mapToObj(Character::toString);
    }

    private static Stream<String> requestLines() {
        Stream<String> lines =
                Stream.of(
                        "GET /health",
                        "GET  HTTP/1.1",
                        "GET /health ",
                        "GET",
                        "",
                        " GET /health HTTP/1.1",
                        "\tGET /health HTTP/1.1",
                        "GET  /health HTTP/1.1",
                        "GET\t/health HTTP/1.1",
                        "GET\u000b/health HTTP/1.1",
                        "GET\u00a0/health HTTP/1.1",
                        "GET /health  HTTP/1.1",
                        "GET /health\tHTTP/1.1",
                        "GET /health\u000cHTTP/1.1",
                        "GET /health\rHTTP/1.1",
                        "GET /health HTTP/1.1 ",
                        "GET /health HTTP/1.1\t",
                        "GET /health HTTP/1.1\r",
                        "GET /hea lth HTTP/1.1",
                        "GET /hea\tlth HTTP/1.1",
                        "GET /h\u00e9alth HTTP/1.1",
                        "GET /health?\u007f HTTP/1.1",
                        "G(T /health HTTP/1.1",
                        "GET: /health HTTP/1.1",
                        "G\u0000T /health HTTP/1.1",
                        "GET /health HTTP/1.1 HTTP/1.1",
                        "GET /health http/1.1",
                        "GET /health Http/1.1",
                        "GET /health HTTP/1",
                        "GET /health HTTP/1.",
                        "GET /health HTTP/.1",
                        "GET /health HTTP/11",
                        "GET /health HTTP/1.2",
                        "GET /health HTTP/1.9",
                        "GET /health HTTP/1.10",
                        "GET /health HTTP/1.01",
                        "GET /health HTTP/01.1",
                        "GET /health HTTP/0.9",
                        "GET /health HTTP/2",
                        "GET /health HTTP/2.0",
                        "GET /health HTTP/3.0",
                        "GET /health HTTP/7.3",
                        "GET /health HTTP/-1.1",
                        "GET /health HTTP/1,1",
                        "GET /health HTTP 1.1",
                        "GET /health HTTPS/1.1",
                        "GET /health XHTTP/1.1",
                        "GET /health RTSP/1.0",
                        "GET /health HTTP/1.1\u0000",
                        "PRI * HTTP/2.0",
                        "HTTP/1.1 200 OK");
        return Stream.concat(
                Stream.concat(
                                lines,
                                controls()
                                        .flatMap(
                                                each ->
                                                        Stream.of(
                                                                "GET /health" + each + " HTTP/1.1",
                                                                each + "GET /health HTTP/1.1")))
                        .map(line -> line + "\r\n" + HOST + "\r\n"),
                Stream.of(
                        "GET /health HTTP/1.1\n" + HOST + "\r\n",
                        "GET /health HTTP/1.1\r" + HOST + "\r\n",
                        "\nGET /health HTTP/1.1\r\n" + HOST + "\r\n",
                        "\r\n\r\nGET /health HTTP/1.1\r\n" + HOST + "\r\n",
                        "\rGET /health HTTP/1.1\r\n" + HOST + "\r\n"));
    }

    private static Stream<String> fields() {
        Stream<String> lines =
                Stream.of(
                        "X: y\r\n folded",
                        "X: y\r\n\tfolded",
                        "X: y\r\n ",
                        "X:\r\n folded",
                        " X: y",
                        "\tX: y",
                        ": y",
                        " : y",
                        "X : y",
                        "X\t: y",
                        "X\u00a0: y",
                        "X\u000b: y",
                        "X y",
                        "X",
                        "X: y\rZ: z",
                        "X: y\r\rZ: z",
                        "X: \ry",
                        "X: y\r",
                        "X\r: y",
                        "X\r\n: y",
                        "X(: y",
                        "X/: y",
                        "X[]: y",
                        "\"X\": y",
                        "X\u00e9: y",
                        "X: y\nZ: z",
                        "X: y\n\nGET /metrics HTTP/1.1\n",
                        "Sec-WebSocket-Key1: 4\r\nSec-WebSocket-Key2: 5");
        return Stream.concat(
                        lines,
                        controls()
                                .flatMap(
                                        each -> Stream.of("X: a" + each + "b", "X" + each + ": y")))
                .flatMap(
                        line ->
                                Stream.of(
                                        LINE + HOST + line + "\r\n\r\n",
                                        LINE + line + "\r\n" + HOST + "\r\n"));
    }

    private static Stream<String> hosts() {
        return Stream.of(
                        "",
                        "X-Forwarded-Host: localhost\r\n",
                        HOST + HOST,
                        HOST + "host: other\r\n",
                        "HOST: other\r\n" + HOST,
                        "Host:\r\n",
                        "Host: \r\n",
                        "Host: user@localhost\r\n",
                        "Host: localhost/\r\n",
                        "Host: localhost/health\r\n",
                        "Host: http://localhost\r\n",
                        "Host: localhost, other\r\n",
                        "Host: localhost other\r\n",
                        "Host: localhost#\r\n",
                        "Host: localhost?x\r\n",
                        "Host: local%68ost\r\n",
                        "Host: localhost\\\r\n",
                        "Host: l\u00f6calhost\r\n",
                        "Host: " + "x".repeat(400) + "\r\n",
                        "Host: localhost" + " ".repeat(400) + "x\r\n")
                .map(host -> LINE + host + "\r\n");
    }

    private static Stream<String> lengths() {
        Stream<String> values =
                Stream.of(
                        "",
                        "+5",
                        "-5",
                        "-0",
                        "0x5",
                        "5 5",
                        "5,5",
                        "5, 5",
                        "5,",
                        ",5",
                        "5;",
                        "5.0",
                        "5e0",
                        "five",
                        "\"5\"",
                        "5\u00a0",
                        "\u0665",
                        "0b101",
                        "5_0",
                        "9223372036854775808",
                        "18446744073709551621",
                        "99999999999999999999999999",
                        "5" + " ".repeat(70) + "5",
                        "5" + " ".repeat(400) + "5");
        return Stream.concat(
                        values.map(value -> "Content-Length: " + value + "\r\n"),
                        Stream.of(
                                "Content-Length: 5\r\nContent-Length: 5\r\n",
                                "Content-Length: 5\r\ncontent-length: 6\r\n",
                                "Content-Length: 0\r\nContent-Length: 5\r\n",
                                "Content-Length: 5\r\nX: y\r\nCONTENT-LENGTH: 0\r\n"))
                .map(length -> "POST /health HTTP/1.1\r\n" + HOST + length + "\r\n");
    }

    private static Stream<String> codings() {
        List<String> values =
                List.of(
                        "",
                        "identity",
                        "gzip",
                        "chunked, identity",
                        "chunked, gzip",
                        "chunked,",
                        ", chunked",
                        "chunked, chunked",
                        "identity, chunked",
                        "xchunked",
                        "chunkedx",
                        "x-chunked",
                        "chunked;",
                        "chunked;q=1",
                        "chunked q",
                        "\"chunked\"",
                        "'chunked'",
                        "chun ked",
                        "chunke",
                        "chunk\u00e9d",
                        "\u00a0chunked",
                        "chunked\u00a0",
                        "chunked" + " ".repeat(70) + ", identity",
                        "chunked" + " ".repeat(400) + "x");
        String post = "POST /health HTTP/1.1\r\n" + HOST;
        return Stream.concat(
                values.stream()
                        .map(value -> post + "Transfer-Encoding: " + value + "\r\n\r\n0\r\n\r\n"),
                Stream.of(
                        post
                                + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"
                                + "\r\n0\r\n\r\n",
                        post
                                + "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n"
                                + "\r\n0\r\n\r\n",
                        post
                                + "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n"
                                + "\r\n0\r\n\r\n",
                        post + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
                        post + "Content-Length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
                        post + "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                        post + "Transfer-Encoding: x\r\nContent-Length: 5\r\n\r\n",
                        post + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
                        post + "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n",
                        post + "X: y\r\n Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                        "POST /health HTTP/1.0\r\n"
                                + HOST
                                + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                        "POST /health HTTP/1.0\r\n"
                                + HOST
                                + "Transfer-Encoding: identity\r\nContent-Length: 0\r\n\r\n"));
    }

    private static Stream<String> chunks() {
        Stream<String> bodies =
                Stream.of(
                        " 5\r\nHELLO\r\n0\r\n\r\n",
                        "5 \r\nHELLO\r\n0\r\n\r\n",
                        "5\t\r\nHELLO\r\n0\r\n\r\n",
                        "\t5\r\nHELLO\r\n0\r\n\r\n",
                        "+5\r\nHELLO\r\n0\r\n\r\n",
                        "-5\r\nHELLO\r\n0\r\n\r\n",
                        "-0\r\n\r\n",
                        "0x5\r\nHELLO\r\n0\r\n\r\n",
                        "5h\r\nHELLO\r\n0\r\n\r\n",
                        "g\r\nHELLO\r\n0\r\n\r\n",
                        "5_0\r\nHELLO\r\n0\r\n\r\n",
                        "5,\r\nHELLO\r\n0\r\n\r\n",
                        "5.0\r\nHELLO\r\n0\r\n\r\n",
                        "\r\n\r\n",
                        "\r\n5\r\nHELLO\r\n0\r\n\r\n",
                        "5\u0000\r\nHELLO\r\n0\r\n\r\n",
                        "5\nHELLO\r\n0\r\n\r\n",
                        "5\rHELLO\r\n0\r\n\r\n",
                        "5\r\nHELLO\n0\r\n\r\n",
                        "5\r\nHELLO\r0\r\n\r\n",
                        "5\r\nHELLO0\r\n\r\n",
                        "5\r\nHELLO!\r\n0\r\n\r\n",
                        "5\r\nHELL\r\n0\r\n\r\n",
                        "5\r\nHELLO\r\n\r\n0\r\n\r\n",
                        "00000000000000005\r\nHELLO\r\n0\r\n\r\n",
                        "fffffffffffffffff\r\nHELLO\r\n0\r\n\r\n",
                        "10000000000000005\r\nHELLO\r\n0\r\n\r\n",
                        "80000000\r\nHELLO\r\n0\r\n\r\n",
                        "ffffffff\r\nHELLO\r\n0\r\n\r\n",
                        "100000005\r\nHELLO\r\n0\r\n\r\n",
                        "5;\r\nHELLO\r\n0\r\n\r\n",
                        "5;;\r\nHELLO\r\n0\r\n\r\n",
                        "5; x\r\nHELLO\r\n0\r\n\r\n",
                        "5 ;x\r\nHELLO\r\n0\r\n\r\n",
                        "5;x \r\nHELLO\r\n0\r\n\r\n",
                        "5;x=\r\nHELLO\r\n0\r\n\r\n",
                        "5;=x\r\nHELLO\r\n0\r\n\r\n",
                        "5;x=y=z\r\nHELLO\r\n0\r\n\r\n",
                        "5;x=\"y\r\nHELLO\r\n0\r\n\r\n",
                        "5;x=\"y\"z\r\nHELLO\r\n0\r\n\r\n",
                        "5;x=y\"z\"\r\nHELLO\r\n0\r\n\r\n",
                        "5;\"x\"\r\nHELLO\r\n0\r\n\r\n",
                        "5;x=\"\n\"\r\nHELLO\r\n0\r\n\r\n",
                        "5;x=\"\r\n\"\r\nHELLO\r\n0\r\n\r\n",
                        "5;x\nHELLO\r\n0\r\n\r\n",
                        "5;x\ry\r\nHELLO\r\n0\r\n\r\n",
                        "5;\nxx\r\nHELLO\r\n0\r\n\r\n",
                        "5;x=\u0000\r\nHELLO\r\n0\r\n\r\n",
                        "5;" + "x".repeat(1000) + "\r\nHELLO\r\n0\r\n\r\n",
                        "0\n\r\n",
                        "0\r\n\n",
                        "0;\r\n\r\n",
                        "0 \r\n\r\n",
                        "0\r\nX: y\n\r\n",
                        "0\r\nX : y\r\n\r\n",
                        "0\r\n: y\r\n\r\n",
                        "0\r\n X: y\r\n\r\n",
                        "0\r\nX: y\r\n z\r\n\r\n",
                        "0\r\nX\r\n\r\n",
                        "0\r\nX: \u0000\r\n\r\n",
                        "0\r\nContent-Length: 5\r\n\r\n",
                        "0\r\nTransfer-Encoding: chunked\r\n\r\n",
                        "0\r\nHost: other\r\n\r\n",
                        "0\r\nGET /metrics HTTP/1.1\r\n\r\n");
        return bodies.map(
                body ->
                        "POST /health HTTP/1.1\r\n"
                                + HOST
                                + "Transfer-Encoding: chunked\r\n\r\n"
                                + body);
    }
}
