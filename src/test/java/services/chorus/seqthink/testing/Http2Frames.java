package services.chorus.seqthink.testing;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** Bytes of HTTP/2 frames (RFC 9113 section 6), for what no HTTP library would send. */
public final class Http2Frames {

    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int PING = 6;
    private static final int WINDOW_UPDATE = 8;
    private static final int CONTINUATION = 9;
    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;
    private static final short INITIAL_WINDOW_SIZE = 4;
    private static final int CANCEL = 8;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /** The beginning of a connection whose client takes that many bytes of each answer. */
    public static Http2Frames opening(int window) {
        Http2Frames opening = new Http2Frames();
        opening.bytes.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII));
        return opening.settings(window);
    }

    public Http2Frames settings(int window) {
        return add(
                SETTINGS,
                0,
                0,
                ByteBuffer.allocate(6).putShort(INITIAL_WINDOW_SIZE).putInt(window).array());
    }

    /** A complete request. */
    public Http2Frames get(int stream, String path) {
        return add(HEADERS, END_STREAM | END_HEADERS, stream, head(0x82, path));
    }

    /** The head of a request, and one byte of its body. */
    public Http2Frames post(int stream, String path) {
        return add(HEADERS, END_HEADERS, stream, head(0x83, path))
                .add(DATA, 0, stream, new byte[1]);
    }

    public Http2Frames reset(int stream) {
        return add(RST_STREAM, 0, stream, ByteBuffer.allocate(4).putInt(CANCEL).array());
    }

    public Http2Frames ping() {
        return add(PING, 0, 0, new byte[8]);
    }

    public Http2Frames emptyData(int stream) {
        return add(DATA, 0, stream, new byte[0]);
    }

    /** The head of a request that does not end. */
    public Http2Frames beginHead(int stream) {
        return add(HEADERS, END_STREAM, stream, head(0x82, "/health"));
    }

    public Http2Frames emptyContinuation(int stream) {
        return add(CONTINUATION, 0, stream, new byte[0]);
    }

    /** Permits one more byte of an answer. */
    public Http2Frames oneMoreByte(int stream) {
        return add(WINDOW_UPDATE, 0, stream, ByteBuffer.allocate(4).putInt(1).array());
    }

    public byte[] bytes() {
        return bytes.toByteArray();
    }

    private Http2Frames add(int type, int flags, int stream, byte[] payload) {
        bytes.write(0);
        bytes.writeBytes(ByteBuffer.allocate(2).putShort((short) payload.length).array());
        bytes.write(type);
        bytes.write(flags);
        bytes.writeBytes(ByteBuffer.allocate(4).putInt(stream).array());
        bytes.writeBytes(payload);
        return this;
    }

    /** RFC 7541, with indexes of its static table, and without Huffman coding. */
    private static byte[] head(int method, String path) {
        Http2Frames head = new Http2Frames();
        head.bytes.write(method);
        head.bytes.write(0x86); // :scheme: http
        head.literal(0x04, path);
        head.literal(0x01, "localhost");
        return head.bytes();
    }

    private void literal(int name, String value) {
        bytes.write(name);
        bytes.write(value.length());
        bytes.writeBytes(value.getBytes(US_ASCII));
    }
}
