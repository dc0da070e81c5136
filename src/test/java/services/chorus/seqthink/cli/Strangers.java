package services.chorus.seqthink.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import services.chorus.seqthink.testing.Service;

/**
 * Connections from several addresses of the loopback network, other than that of the tests, that
 * send what a test wants and read nothing. For one thread.
 */
final class Strangers implements AutoCloseable {

    static final int HEADERS = 1;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int CONTINUATION = 9;
    static final int END_STREAM = 1;
    static final int END_HEADERS = 4;

    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII);
    private static final int RECEIVE_BUFFER = 4096;

    private final InetSocketAddress service;
    private final List<SocketChannel> sockets = new ArrayList<>();

    Strangers(Service service) {
        URI url = URI.create(service.url());
        this.service = new InetSocketAddress(url.getHost(), url.getPort());
    }

    /** Opens a connection from one of the given number of addresses. */
    SocketChannel connect(int addresses) throws IOException {
        SocketChannel socket = SocketChannel.open();
        socket.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER);
        socket.bind(
                new InetSocketAddress("127.0.1.%d".formatted(1 + sockets.size() % addresses), 0));
        socket.connect(service);
        socket.configureBlocking(false);
        sockets.add(socket);
        return socket;
    }

    /** Opens an HTTP/2 connection that announces one setting. */
    SocketChannel connectHttp2(int addresses, int setting, int value) throws IOException {
        SocketChannel socket = connect(addresses);
        send(socket, PREFACE);
        byte[] payload = ByteBuffer.allocate(6).putShort((short) setting).putInt(value).array();
        send(socket, frame(SETTINGS, 0, 0, payload));
        return socket;
    }

    /**
     * Sends as much as the socket accepts at once.
     *
     * @return whether that was all of it; false also when the service has closed the connection
     */
    static boolean send(SocketChannel socket, byte[] bytes) {
        try {
            return socket.write(ByteBuffer.wrap(bytes)) == bytes.length;
        } catch (IOException e) {
            return false;
        }
    }

    /** How many connections the service has not closed. */
    long open() {
        return sockets.stream().filter(Strangers::isOpen).count();
    }

    @Override
    public void close() throws IOException {
        for (SocketChannel socket : sockets) {
            socket.close();
        }
    }

    /** RFC 9113 section 4.1. */
    static byte[] frame(int type, int flags, int stream, byte[] payload) {
        return ByteBuffer.allocate(9 + payload.length)
                .put((byte) (payload.length >> 16))
                .putShort((short) payload.length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array();
    }

    /** The fields of a GET request, as literals (RFC 7541 section 6.2.2). */
    static byte[] get(String path) {
        ByteArrayOutputStream fields = new ByteArrayOutputStream();
        fields.writeBytes(new byte[] {(byte) 0x82, (byte) 0x86}); // GET, http
        fields.writeBytes(field(":path", path));
        fields.writeBytes(field(":authority", "localhost"));
        return fields.toByteArray();
    }

    /** A field of names and values shorter than 127 bytes. */
    static byte[] field(String name, String value) {
        return ByteBuffer.allocate(3 + name.length() + value.length())
                .put((byte) 0)
                .put((byte) name.length())
                .put(name.getBytes(US_ASCII))
                .put((byte) value.length())
                .put(value.getBytes(US_ASCII))
                .array();
    }

    static byte[] repeated(byte[] bytes, int times) {
        ByteBuffer all = ByteBuffer.allocate(bytes.length * times);
        for (int i = 0; i < times; i++) {
            all.put(bytes);
        }
        return all.array();
    }

    private static boolean isOpen(SocketChannel socket) {
        ByteBuffer answers = ByteBuffer.allocate(64 * 1024);
        try {
            int read = socket.read(answers);
            while (read > 0) {
                answers.clear();
                read = socket.read(answers);
            }
            return read == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
