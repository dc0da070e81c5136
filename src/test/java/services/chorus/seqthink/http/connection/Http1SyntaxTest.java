package services.chorus.seqthink.http.connection;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import services.chorus.seqthink.http.connection.Http1Syntax.Fault;

/** In the texts, a new line stands for CRLF. */
class Http1SyntaxTest {

    private static final String GET = "GET /health HTTP/1.1\nHost: a\n\n";

    @ParameterizedTest
    @ValueSource(
            strings = {
                GET,
                "\n" + GET,
                "GET /health HTTP/1.0\n\n",
                "OPTIONS * HTTP/1.1\nHost: a\n\n",
                "GET http://a/health?x=%20 HTTP/1.1\nHost: a\n\n",
                "GET /health HTTP/1.1\nHost: a\nX:\nY: \t b \t c \t\nZ!#$%&'*+-.^_`|~: \u00e4\n\n",
                "POST / HTTP/1.1\nHost: a\nContent-Length: 0\n\n",
                "POST / HTTP/1.1\nHost: a\nCONTENT-LENGTH:  5 \n\n\n\0\r\n",
                "POST / HTTP/1.1\nHost: a\ntransfer-encoding: Chunked\n\n5\nab\r\nd\n00A\n0123456789\n0\n\n",
                "POST / HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\n1;a\nx\n1;a=b;c=\"d\\\" e\"\ny\n0;z\nX: a\n\n",
            })
    void acceptsRequestsInAnyPieces(String text) {
        byte[] bytes = bytes(text + GET);
        for (int split = 0; split <= bytes.length; split++) {
            Http1Syntax syntax = new Http1Syntax();
            assertThat(syntax.check(Unpooled.wrappedBuffer(bytes, 0, split))).isEqualTo(split);
            int rest = bytes.length - split;
            assertThat(syntax.check(Unpooled.wrappedBuffer(bytes, split, rest))).isEqualTo(rest);
            assertThat(syntax.fault()).as("split at %d", split).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\n\nGET /health HTTP/1.1\nHost: a\n\n",
                " GET /health HTTP/1.1\nHost: a\n\n",
                "GET  /health HTTP/1.1\nHost: a\n\n",
                "GET /health  HTTP/1.1\nHost: a\n\n",
                "GET\t/health HTTP/1.1\nHost: a\n\n",
                "GET /health\tHTTP/1.1\nHost: a\n\n",
                "GET /health\u000bHTTP/1.1\nHost: a\n\n",
                "GET /hea\rlth HTTP/1.1\nHost: a\n\n",
                "GET /hea\u0000lth HTTP/1.1\nHost: a\n\n",
                "GET /he\u00e4lth HTTP/1.1\nHost: a\n\n",
                "GET /health HTTP/1.1 \nHost: a\n\n",
                "GET /health HTTP/1.2\nHost: a\n\n",
                "GET /health HTTP/2.0\nHost: a\n\n",
                "GET /health HTTP/0.9\nHost: a\n\n",
                "GET /health http/1.1\nHost: a\n\n",
                "GET /health HTTP/1.1.1\nHost: a\n\n",
                "GET /health HTTP/01.1\nHost: a\n\n",
                "GET /health\n\n",
                "GET\n\n",
                "G(T /health HTTP/1.1\nHost: a\n\n",
                "GET /health HTTP/1.1\n Host: a\n\n",
                "GET /health HTTP/1.1\nHost: a\nX: a\n b\n\n",
                "GET /health HTTP/1.1\nHost: a\nX: a\n\tb\n\n",
                "GET /health HTTP/1.1\nHost: a\n: a\n\n",
                "GET /health HTTP/1.1\nHost: a\nX : a\n\n",
                "GET /health HTTP/1.1\nHost: a\nX\n\n",
                "GET /health HTTP/1.1\nHost: a\nX(: a\n\n",
                "GET /health HTTP/1.1\nHost: a\nX: a\u0000b\n\n",
                "GET /health HTTP/1.1\nHost: a\nX: a\u0001b\n\n",
                "GET /health HTTP/1.1\nHost: a\nX: a\u007fb\n\n",
                "GET /health HTTP/1.1\nHost: a\nX: a\rb\n\n",
                "GET /health HTTP/1.1\nHost: a\nHost: a\n\n",
                "GET /health HTTP/1.1\nHost: a\nhost: b\n\n",
                "POST / HTTP/1.1\nHost: a\nContent-Length: +1\n\na",
                "POST / HTTP/1.1\nHost: a\nContent-Length: -1\n\na",
                "POST / HTTP/1.1\nHost: a\nContent-Length: 1a\n\na",
                "POST / HTTP/1.1\nHost: a\nContent-Length: 0x1\n\na",
                "POST / HTTP/1.1\nHost: a\nContent-Length: 1, 1\n\na",
                "POST / HTTP/1.1\nHost: a\nContent-Length:\n\na",
                "POST / HTTP/1.1\nHost: a\nContent-Length: 9999999999999999999\n\na",
                "POST / HTTP/1.1\nHost: a\nContent-Length: 1\nContent-Length: 1\n\na",
                "POST / HTTP/1.1\nHost: a\nContent-Length: 1\nTransfer-Encoding: chunked\n\n0\n\n",
                "POST / HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\nContent-Length: 1\n\n0\n\n",
                "POST / HTTP/1.0\nTransfer-Encoding: chunked\n\n0\n\n",
                "POST / HTTP/1.1\nHost: a\nTransfer-Encoding: gzip\n\n",
                "POST / HTTP/1.1\nHost: a\nTransfer-Encoding: identity\n\n",
                "POST / HTTP/1.1\nHost: a\nTransfer-Encoding:\n\n",
                "POST / HTTP/1.1\nHost: a\nTransfer-Encoding: xchunked\n\n0\n\n",
                "POST / HTTP/1.1\nHost: a\nTransfer-Encoding: chunked, gzip\n\n",
                "POST / HTTP/1.1\nHost: a\nTransfer-Encoding: \"chunked\"\n\n0\n\n",
                "POST / HTTP/1.1\nHost: a\nTransfer-Encoding: chunked;q=1\n\n0\n\n",
                "POST / HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\nTransfer-Encoding: chunked\n\n0\n\n",
                "POST / HTTP/1.1\nHost: a\nTransfer-Encoding: \u000bchunked\n\n0\n\n",
            })
    void rejectsHeads(String text) {
        byte[] good = bytes(GET);
        byte[] bytes = bytes(GET + text + GET);
        for (int split = 0; split < bytes.length; split++) {
            Http1Syntax syntax = new Http1Syntax();
            int passed = syntax.check(Unpooled.wrappedBuffer(bytes, 0, split));
            if (syntax.fault().isEmpty()) {
                assertThat(passed).isEqualTo(split);
                passed += syntax.check(Unpooled.wrappedBuffer(bytes, split, bytes.length - split));
            }
            assertThat(syntax.fault()).as("split at %d", split).contains(Fault.MALFORMED);
            assertThat(syntax.hasBegun()).isFalse();
            // nothing of it, or what had arrived before, and never its end
            assertThat(passed)
                    .isGreaterThanOrEqualTo(Math.min(split, good.length))
                    .isLessThanOrEqualTo(Math.max(split, good.length + 2));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "5 \nabcde\n0\n\n",
                " 5\nabcde\n0\n\n",
                "+5\nabcde\n0\n\n",
                "-5\nabcde\n0\n\n",
                "0x5\nabcde\n0\n\n",
                "5\t;a\nabcde\n0\n\n",
                "5;\nabcde\n0\n\n",
                "5;a b\nabcde\n0\n\n",
                "5;a=\nabcde\n0\n\n",
                "5;=a\nabcde\n0\n\n",
                "5;a=\"b\nabcde\n0\n\n",
                "5;a=\"b\"c\nabcde\n0\n\n",
                "5;a=b\"c\"\nabcde\n0\n\n",
                "5;a\u0000\nabcde\n0\n\n",
                "100000005\nabcde\n0\n\n",
                "\nabcde\n0\n\n",
                "g\nabcde\n0\n\n",
                "5\nabcdef\n0\n\n",
                "5\nabcd\n0\n\n",
                "5\nabcde0\n\n",
                "5\r\rabcde\n0\n\n",
                "0\n: a\n\n",
                "0\nX: a\n b\n\n",
                "0\nContent-Length: 1\n\n",
                "0\nTransfer-Encoding: chunked\n\n",
                "0\nHost: b\n\n",
            })
    void rejectsChunks(String chunks) {
        byte[] head = bytes("POST / HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\n");
        byte[] body = bytes(chunks + GET);

        Http1Syntax syntax = new Http1Syntax();
        assertThat(syntax.check(Unpooled.wrappedBuffer(head))).isEqualTo(head.length);
        assertThat(syntax.check(Unpooled.wrappedBuffer(body))).isZero();
        assertThat(syntax.fault()).contains(Fault.MALFORMED);
        assertThat(syntax.hasBegun()).isTrue();

        Http1Syntax atOnce = new Http1Syntax();
        assertThat(atOnce.check(Unpooled.wrappedBuffer(head, body))).isZero();
        assertThat(atOnce.fault()).contains(Fault.MALFORMED);
        assertThat(atOnce.hasBegun()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip, chunked", "gzip,\tChunked", "x-compress, deflate , chunked"})
    void implementsNoOtherTransferCoding(String coding) {
        Http1Syntax syntax = new Http1Syntax();
        syntax.check(text("POST / HTTP/1.1\nHost: a\nTransfer-Encoding: " + coding + "\n\n"));
        assertThat(syntax.fault()).contains(Fault.UNKNOWN_CODING);
    }

    @Test
    void acceptsNoBareLineFeeds() {
        Http1Syntax syntax = new Http1Syntax();
        syntax.check(Unpooled.copiedBuffer("GET / HTTP/1.1\nHost: a\n\n", ISO_8859_1));
        assertThat(syntax.fault()).contains(Fault.MALFORMED);
    }

    @Test
    void takesABodyForNothingElse() {
        Http1Syntax syntax = new Http1Syntax();
        syntax.check(text("POST / HTTP/1.1\nHost: a\nContent-Length: 20\n\nGET  / \0\n\n"));
        syntax.check(text("0123456" + GET));
        assertThat(syntax.fault()).isEmpty();
    }

    private static ByteBuf text(String text) {
        return Unpooled.wrappedBuffer(bytes(text));
    }

    private static byte[] bytes(String text) {
        return text.replaceAll("(?<!\r)\n", "\r\n").getBytes(ISO_8859_1);
    }
}
