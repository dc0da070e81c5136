package services.chorus.seqthink.http.connection;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValidationUtil;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Headers.PseudoHeaderName;
import io.netty.handler.codec.http2.Http2Settings;
import java.util.Arrays;
import java.util.Map;

/**
 * Resets streams whose fields are malformed by RFC 9113 section 8 in ways that Netty and Vert.x
 * accept: characters that would end a field in HTTP/1, fields that must not be repeated, and
 * targets that are no paths. Nothing of such a request reaches Vert.x.
 */
final class Http2Check extends Http2FrameListenerDecorator {

    private final Http2ConnectionDecoder decoder;

    private final Connection connection;

    private Http2Check(
            Http2ConnectionDecoder decoder, Http2FrameListener listener, Connection connection) {
        super(listener);
        this.decoder = decoder;
        this.connection = connection;
    }

    /** Installs the check; before the first frame is read. */
    static void install(Http2ConnectionDecoder decoder, Connection connection) {
        decoder.frameListener(new Http2Check(decoder, decoder.frameListener(), connection));
    }

    /** Vert.x replaces the listener when it receives the settings of its client. */
    @Override
    public void onSettingsRead(ChannelHandlerContext context, Http2Settings settings)
            throws Http2Exception {
        super.onSettingsRead(context, settings);
        if (!(decoder.frameListener() instanceof Http2Check)) {
            install(decoder, connection);
        }
    }

    @Override
    public void onHeadersRead(
            ChannelHandlerContext context,
            int stream,
            Http2Headers headers,
            int padding,
            boolean end)
            throws Http2Exception {
        check(stream, headers);
        super.onHeadersRead(context, stream, headers, padding, end);
    }

    @Override
    public void onHeadersRead(
            ChannelHandlerContext context,
            int stream,
            Http2Headers headers,
            int dependency,
            short weight,
            boolean exclusive,
            int padding,
            boolean end)
            throws Http2Exception {
        check(stream, headers);
        super.onHeadersRead(context, stream, headers, dependency, weight, exclusive, padding, end);
    }

    private void check(int stream, Http2Headers headers) throws Http2Exception {
        if (!connection.mayHave(decoder.connection().numActiveStreams())) {
            // Netty reads none of the frames that follow; Vert.x knows nothing of this stream
            decoder.connection().stream(stream).close();
            throw Http2Exception.connectionError(
                    Http2Error.ENHANCE_YOUR_CALM, "The connection is being closed");
        }
        boolean good =
                Arrays.stream(PseudoHeaderName.values())
                                .allMatch(name -> isAtMostOnce(headers, name.value()))
                        && isAtMostOnce(headers, HttpHeaderNames.HOST)
                        && !headers.contains(PseudoHeaderName.PROTOCOL.value()) // not announced
                        && hasGoodTarget(headers);
        for (Map.Entry<CharSequence, CharSequence> field : headers) {
            good = good && hasGoodName(field.getKey()) && hasGoodValue(field.getValue());
        }
        if (!good) {
            throw Http2Exception.streamError(
                    stream, Http2Error.PROTOCOL_ERROR, "The fields of a request are malformed");
        }
    }

    private static boolean isAtMostOnce(Http2Headers headers, CharSequence name) {
        return headers.getAll(name).size() <= 1;
    }

    /** RFC 9113 section 8.3.1; trailers have none of these fields, which Netty checks. */
    private static boolean hasGoodTarget(Http2Headers headers) {
        CharSequence method = headers.method();
        CharSequence scheme = headers.scheme();
        CharSequence authority = headers.authority();
        CharSequence path = headers.path();
        return (method == null || HttpHeaderValidationUtil.validateToken(method) < 0)
                && (scheme == null || "http".contentEquals(scheme) || "https".contentEquals(scheme))
                && (authority == null || isVisible(authority))
                && (path == null
                        || isVisible(path) && (path.charAt(0) == '/' || "*".contentEquals(path)));
    }

    private static boolean isVisible(CharSequence text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c > ' ' && c < 0x7F);
    }

    private static boolean hasGoodName(CharSequence name) {
        return PseudoHeaderName.isPseudoHeader(name)
                || HttpHeaderValidationUtil.validateToken(name) < 0;
    }

    /** RFC 9113 section 8.2.1. */
    private static boolean hasGoodValue(CharSequence value) {
        return value.isEmpty()
                || HttpHeaderValidationUtil.validateValidHeaderValue(value) < 0
                        && value.charAt(value.length() - 1) > ' ';
    }
}
