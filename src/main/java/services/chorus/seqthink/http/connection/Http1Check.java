package services.chorus.seqthink.http.connection;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.ssl.SslHandler;
import io.vertx.core.http.impl.Http1xOrH2CHandler;
import io.vertx.core.http.impl.headers.HeadersMultiMap;
import java.util.Optional;
import services.chorus.seqthink.http.AnswerHeaders;

/**
 * Passes requests on to Vert.x only as far as {@link Http1Syntax} accepts them. The first fault is
 * answered after all requests before it, and ends the connection: nothing after it is a request.
 * HTTP/2 is left to its codec and to {@link Http2Check}.
 */
final class Http1Check extends ChannelInboundHandlerAdapter {

    // RFC 9113 section 3.4
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII);

    private final Connection connection;
    private final Http1Syntax syntax = new Http1Syntax();
    private int withheld; // bytes that may begin the preface
    private boolean http1;

    Http1Check(Connection connection) {
        this.connection = connection;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        if (syntax.fault().isPresent()) {
            bytes.release();
        } else if (http1) {
            pass(context, bytes);
        } else {
            detect(context, bytes);
        }
    }

    private void detect(ChannelHandlerContext context, ByteBuf bytes) {
        ByteBuf all = Unpooled.wrappedBuffer(Unpooled.wrappedBuffer(PREFACE, 0, withheld), bytes);
        ChannelPipeline pipeline = context.pipeline();
        boolean http2 =
                pipeline.get(Http1xOrH2CHandler.class) != null
                        || pipeline.get(Http2ConnectionHandler.class) != null;
        int same = 0;
        while (http2
                && same < PREFACE.length
                && same < all.readableBytes()
                && all.getByte(same) == PREFACE[same]) {
            same++;
        }
        if (same == PREFACE.length) {
            context.fireChannelRead(all.readRetainedSlice(same));
            Optional.ofNullable(pipeline.get(Http2ConnectionHandler.class))
                    .ifPresent(handler -> Http2Check.install(handler.decoder(), connection));
            context.fireChannelRead(all);
            pipeline.remove(this);
        } else if (same == all.readableBytes()) {
            withheld = same;
            all.release();
        } else {
            http1 = true;
            begin(context, all, same + 1);
        }
    }

    /**
     * Passes the first requests on without an upgrade to HTTP/2, which a server may ignore (RFC
     * 9110 section 7.8): Vert.x would answer 101 before 100, and read no body.
     *
     * @param decisive how many bytes Vert.x needs to tell the request from the preface of HTTP/2
     */
    private void begin(ChannelHandlerContext context, ByteBuf bytes, int decisive) {
        int good = syntax.check(bytes);
        if (!connection.mayQueue(syntax.requests())) {
            bytes.release();
            return;
        }
        if (good >= decisive) {
            context.fireChannelRead(bytes.readRetainedSlice(decisive));
            if (context.pipeline().get("h2c") != null) {
                context.pipeline().addBefore("h2c", "no-upgrade", new NoUpgrade());
            }
            context.fireChannelRead(bytes.readRetainedSlice(good - decisive));
        }
        bytes.release();
        refuse(context);
    }

    private void pass(ChannelHandlerContext context, ByteBuf bytes) {
        int good = syntax.check(bytes);
        if (!connection.mayQueue(syntax.requests())) {
            bytes.release();
            return;
        }
        if (syntax.fault().isEmpty()) {
            context.fireChannelRead(bytes);
            return;
        }
        context.fireChannelRead(bytes.readRetainedSlice(good));
        bytes.release();
        refuse(context);
    }

    private void refuse(ChannelHandlerContext context) {
        syntax.fault()
                .ifPresent(
                        fault ->
                                connection.refuse(
                                        context,
                                        answer(context, fault),
                                        syntax.requests(),
                                        syntax.hasBegun()));
    }

    /** Without a body, like the answers of Vert.x to requests that it cannot parse. */
    private static ByteBuf answer(ChannelHandlerContext context, Http1Syntax.Fault fault) {
        HeadersMultiMap headers = HeadersMultiMap.httpHeaders();
        headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        headers.set(HttpHeaderNames.CONTENT_LENGTH, HttpHeaderValues.ZERO);
        new AnswerHeaders(context.pipeline().get(SslHandler.class) != null).complete(headers);
        StringBuilder head = new StringBuilder("HTTP/1.1 ").append(fault.statusLine).append("\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        return Unpooled.copiedBuffer(head.append("\r\n"), US_ASCII);
    }

    /** For the first request of a connection; Vert.x looks for an upgrade nowhere else. */
    private static final class NoUpgrade extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof HttpRequest request) {
                request.headers().remove(HttpHeaderNames.UPGRADE);
                context.fireChannelRead(message);
                context.pipeline().remove(this);
            } else {
                context.fireChannelRead(message);
            }
        }
    }
}
