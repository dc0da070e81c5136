package services.chorus.seqthink.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;

/** Sends bytes that no HTTP library would send, one connection each. */
public final class RawHttp {

    private static final int WAIT_MILLIS = 20_000;

    private RawHttp() {}

    /**
     * Everything that a service sends before it closes the connection, one char per byte.
     *
     * @throws java.net.SocketTimeoutException when it does not close the connection
     */
    public static String untilClosed(URI service, String request) throws IOException {
        try (Socket socket = sending(service, request)) {
            return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        }
    }

    /** The status of the first answer; the rest is not awaited. */
    public static String status(URI service, String request) throws IOException {
        try (Socket socket = sending(service, request)) {
            return new String(socket.getInputStream().readNBytes(12), ISO_8859_1).substring(9);
        }
    }

    private static Socket sending(URI service, String request) throws IOException {
        Socket socket = new Socket(service.getHost(), service.getPort());
        socket.setSoTimeout(WAIT_MILLIS);
        socket.getOutputStream().write(request.getBytes(ISO_8859_1));
        return socket;
    }
}
