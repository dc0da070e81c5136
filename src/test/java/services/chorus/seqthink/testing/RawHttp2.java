package services.chorus.seqthink.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Map;

/** A cleartext HTTP/2 connection that sends any field names and values, one char per byte. */
public final class RawHttp2 implements AutoCloseable {

    private static final int WAIT_MILLIS = 20_000;
    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int GOAWAY = 7;
    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;
    private static final int PRIORITY = 0x20;
    private static final int PRIORITY_LENGTH = 5;

    private final Socket socket;
    private final DataInputStream in;
    private final DefaultHttp2HeadersDecoder headers = new DefaultHttp2HeadersDecoder(false);
    private int stream = -1;

    public RawHttp2(URI service) throws IOException {
        socket = new Socket(service.getHost(), service.getPort());
        socket.setSoTimeout(WAIT_MILLIS);
        in = new DataInputStream(socket.getInputStream());
        socket.getOutputStream().write(PREFACE.getBytes(ISO_8859_1));
        send(SETTINGS, 0, 0, new byte[0]);
    }

    /** Sends a request for a path, and returns its status, or {@code reset} or {@code closed}. */
    public String get(String host, String path) throws Exception {
        return request(
                List.of(
                        Map.entry(":method", "GET"),
                        Map.entry(":scheme", "http"),
                        Map.entry(":authority", host),
                        Map.entry(":path", path)));
    }

    /** Sends a request, and returns its status, or {@code reset} or {@code closed}. */
    public String request(List<Map.Entry<String, String>> fields) throws Exception {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        for (var field : fields) {
            block.write(0x10); // RFC 7541 section 6.2.3: a literal that is never indexed
            string(block, field.getKey());
            string(block, field.getValue());
        }
        stream += 2;
        send(HEADERS, END_STREAM | END_HEADERS, stream, block.toByteArray());
        return answer();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private String answer() throws Exception {
        while (true) {
            int first = in.read();
            if (first < 0) {
                return "closed";
            }
            int length = first << 16 | in.readUnsignedShort();
            int type = in.readUnsignedByte();
            int flags = in.readUnsignedByte();
            int of = in.readInt();
            byte[] payload = in.readNBytes(length);
            if (type == GOAWAY) {
                return "closed";
            }
            if (type == RST_STREAM && of == stream) {
                return "reset";
            }
            if (type == HEADERS) {
                int skipped = (flags & PRIORITY) == 0 ? 0 : PRIORITY_LENGTH;
                var block = Unpooled.wrappedBuffer(payload, skipped, length - skipped);
                var decoded = headers.decodeHeaders(of, block);
                if (of == stream) {
                    return decoded.status().toString();
                }
            }
        }
    }

    private void send(int type, int flags, int streamId, byte[] payload) throws IOException {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write(payload.length >> 16);
        frame.write(payload.length >> 8);
        frame.write(payload.length);
        frame.write(type);
        frame.write(flags);
        for (int shift = 24; shift >= 0; shift -= 8) {
            frame.write(streamId >> shift);
        }
        frame.write(payload);
        socket.getOutputStream().write(frame.toByteArray());
    }

    /** RFC 7541 section 5.2, without Huffman coding. */
    private static void string(ByteArrayOutputStream to, String text) throws IOException {
        int rest = text.length();
        if (rest < 127) {
            to.write(rest);
        } else {
            to.write(127);
            for (rest -= 127; rest >= 128; rest /= 128) {
                to.write(128 | rest % 128);
            }
            to.write(rest);
        }
        to.write(text.getBytes(ISO_8859_1));
    }
}
