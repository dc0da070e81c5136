package services.chorus.seqthink.http.connection;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.VertxHttpRequestDecoder;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import services.chorus.seqthink.testing.MalformedRequests;

/**
 * The decoder of Vert.x sees the same requests in the same places as {@link Http1Syntax}, or one of
 * them reports a fault: bytes that one takes for a body are never a request to the other.
 */
class Http1AgreementTest {

    private static final int MUTATIONS = 60_000;
    private static final long SEED = 14;

    private static final List<String> GOOD =
            List.of(
                    "GET /health HTTP/1.1\r\nHost: a\r\n\r\n",
                    "GET /health HTTP/1.0\r\n\r\n",
                    "\r\nGET /a?b HTTP/1.1\r\nHost: a\r\nX: y\r\n\r\n",
                    "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 31\r\n\r\n"
                            + "GET /in HTTP/1.1\r\nHost: a\r\n\r\n\r\n",
                    "POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                            + "1f;x=\"y\"\r\nGET /in HTTP/1.1\r\nHost: a\r\n\r\n\r\n\r\n"
                            + "0\r\nX: y\r\n\r\n",
                    "GET /a HTTP/1.1\r\nHost: a\r\nSec-WebSocket-Key1: 1\r\n"
                            + "Sec-WebSocket-Key2: 2\r\n\r\n12345678");

    private static final List<String> PIECES =
            List.of(
                    "\r",
                    "\n",
                    "\r\n",
                    "\r\n\r\n",
                    " ",
                    "\t",
                    ":",
                    ";",
                    ",",
                    "=",
                    "\"",
                    "0",
                    "1",
                    "f",
                    "\u0000",
                    "\u000b",
                    "\u007f",
                    "\u0085",
                    "\u00a0",
                    "\u00ff",
                    "+",
                    "-",
                    "chunked",
                    "Content-Length: 5\r\n",
                    "Content-Length:",
                    "Transfer-Encoding: chunked\r\n",
                    "Transfer-Encoding:",
                    "Host: a\r\n",
                    "HTTP/1.0",
                    "HTTP/1.1",
                    "GET ",
                    "POST ",
                    "x".repeat(70),
                    " ".repeat(70),
                    " ".repeat(300),
                    "0\r\n\r\n",
                    "5\r\nHELLO\r\n",
                    "Connection: close\r\n",
                    "Upgrade: h2c\r\n",
                    "Expect: 100-continue\r\n",
                    "Sec-WebSocket-Key1: 1\r\n",
                    "Sec-WebSocket-Key2: 1\r\n",
                    "Trailer: X\r\n");

    static Stream<String> malformed() {
        return MalformedRequests.all();
    }

    @Test
    void holdsForGoodRequests() {
        for (String request : GOOD.subList(0, GOOD.size() - 1)) {
            assertThat(agreement(request.getBytes(ISO_8859_1))).as(request).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void isAFaultInAnyPieces(String request) {
        byte[] bytes = (GOOD.getFirst() + request + GOOD.getFirst()).getBytes(ISO_8859_1);
        for (int split = 0; split < bytes.length; split++) {
            Http1Syntax syntax = new Http1Syntax();
            syntax.check(Unpooled.wrappedBuffer(bytes, 0, split));
            if (syntax.fault().isEmpty()) {
                syntax.check(Unpooled.wrappedBuffer(bytes, split, bytes.length - split));
            }
            assertThat(syntax.fault()).contains(Http1Syntax.Fault.MALFORMED);
            assertThat(syntax.requests()).isEqualTo(syntax.hasBegun() ? 2 : 1);
        }
    }

    @Test
    void holdsForMutations() {
        Random random = new Random(SEED);
        int accepted = 0;
        for (int mutation = 0; mutation < MUTATIONS; mutation++) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < 2; i++) {
                text.append(GOOD.get(random.nextInt(GOOD.size())));
            }
            for (int changes = random.nextInt(4); changes >= 0; changes--) {
                int at = random.nextInt(text.length());
                if (random.nextInt(3) == 0) {
                    text.delete(at, Math.min(text.length(), at + 1 + random.nextInt(8)));
                } else {
                    text.insert(at, PIECES.get(random.nextInt(PIECES.size())));
                }
            }
            accepted += agreement(text.toString().getBytes(ISO_8859_1)) ? 1 : 0;
        }
        assertThat(accepted).isGreaterThan(MUTATIONS / 50);
    }

    /** Compares the two byte by byte; whether there was no fault. */
    private static boolean agreement(byte[] bytes) {
        Http1Syntax syntax = new Http1Syntax();
        EmbeddedChannel decoder =
                new EmbeddedChannel(new VertxHttpRequestDecoder(new HttpServerOptions()));
        try {
            int decoded = 0;
            for (int at = 0; at < bytes.length; at++) {
                syntax.check(Unpooled.wrappedBuffer(bytes, at, 1));
                if (syntax.fault().isPresent()) {
                    return false;
                }
                decoder.writeInbound(Unpooled.copiedBuffer(bytes, at, 1));
                for (Object each; (each = decoder.readInbound()) != null; ) {
                    decoded += each instanceof HttpRequest ? 1 : 0;
                    ReferenceCountUtil.release(each);
                    assertThat(((HttpObject) each).decoderResult().isSuccess())
                            .as("%s at %d", new String(bytes, ISO_8859_1), at)
                            .isTrue();
                }
                assertThat(decoded)
                        .as("%s at %d", new String(bytes, ISO_8859_1), at)
                        .isEqualTo((int) syntax.requests());
            }
            return true;
        } finally {
            decoder.finishAndReleaseAll();
        }
    }
}
