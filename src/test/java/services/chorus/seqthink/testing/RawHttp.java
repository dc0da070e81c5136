package services.chorus.seqthink.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.util.concurrent.locks.LockSupport;

/** Sends bytes that no HTTP library would send, one connection each. */
public final class RawHttp {

    private static final int WAIT_MILLIS = 20_000;
    private static final long PAUSE_NANOS = 20_000_000;

    private RawHttp() {}

    /**
     * Everything that a service sends before it closes the connection, one char per byte.
     *
     * @param pieces of the requests; each is sent some time after the one before
     * @throws java.net.SocketTimeoutException when it does not close the connection
     */
    public static String untilClosed(URI service, String... pieces) throws IOException {
        try (Socket socket = connected(service)) {
            for (String piece : pieces) {
                socket.getOutputStream().write(piece.getBytes(ISO_8859_1));
                if (pieces.length > 1) {
                    LockSupport.parkNanos(PAUSE_NANOS); // so that the service reads them apart
                }
            }
            return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        }
    }

    /** The status of the first answer; the rest is not awaited. */
    public static String status(URI service, String request) throws IOException {
        try (Socket socket = connected(service)) {
            socket.getOutputStream().write(request.getBytes(ISO_8859_1));
            return new String(socket.getInputStream().readNBytes(12), ISO_8859_1).substring(9);
        }
    }

    private static Socket connected(URI service) throws IOException {
        Socket socket = new Socket(service.getHost(), service.getPort());
        socket.setSoTimeout(WAIT_MILLIS);
        socket.setTcpNoDelay(true);
        return socket;
    }
}
