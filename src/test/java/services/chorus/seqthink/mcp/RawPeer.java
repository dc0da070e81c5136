package services.chorus.seqthink.mcp;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.concurrent.CompletableFuture;

/** Accepts one connection, reads one request and sends bytes, not necessarily HTTP. */
final class RawPeer implements AutoCloseable {

    /** Writes the reply after the request was read. */
    @FunctionalInterface
    interface Script {
        void play(OutputStream out) throws IOException;
    }

    private final ServerSocket listener;
    private final CompletableFuture<String> request = new CompletableFuture<>();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();

    private RawPeer(Script script, boolean closes) throws IOException {
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(() -> serve(script, closes));
    }

    /** Sends a text and waits for the other side to close. */
    static RawPeer replying(String reply) throws IOException {
        return new RawPeer(out -> out.write(reply.getBytes(UTF_8)), false);
    }

    /** Plays a script and waits for the other side to close. */
    static RawPeer running(Script script) throws IOException {
        return new RawPeer(script, false);
    }

    /** Sends a text and then endless bytes. */
    static RawPeer replyingEndlessly(String reply) throws IOException {
        return running(
                out -> {
                    out.write(reply.getBytes(UTF_8));
                    while (true) {
                        out.write(new byte[1_000]);
                    }
                });
    }

    /** Sends a text and closes the connection. */
    static RawPeer closingAfter(String reply) throws IOException {
        return new RawPeer(out -> out.write(reply.getBytes(UTF_8)), true);
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + listener.getLocalPort());
    }

    /** The request, once read. */
    CompletableFuture<String> request() {
        return request;
    }

    /** Completed when the other side closes the connection. */
    CompletableFuture<Void> closed() {
        return closed;
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }

    private void serve(Script script, boolean closes) {
        try (Socket socket = listener.accept()) {
            InputStream in = socket.getInputStream();
            request.complete(readRequest(in));
            script.play(socket.getOutputStream());
            socket.getOutputStream().flush();
            if (!closes) {
                in.transferTo(OutputStream.nullOutputStream());
            }
        } catch (IOException e) {
            request.completeExceptionally(e);
        } finally {
            closed.complete(null);
        }
    }

    private static String readRequest(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(US_ASCII).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("The request ended early");
            }
            head.write(next);
        }
        String text = head.toString(US_ASCII);
        int length =
                text.lines()
                        .filter(line -> line.toLowerCase().startsWith("content-length:"))
                        .mapToInt(line -> Integer.parseInt(line.substring(15).strip()))
                        .findFirst()
                        .orElse(0);
        return text + new String(in.readNBytes(length), UTF_8);
    }
}
