package services.chorus.seqthink.policy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** A JWKS endpoint that can misbehave below HTTP. */
final class RawServer implements AutoCloseable {

    enum Manner {
        SERVE,
        HANG,
        RESET,
        DRIP
    }

    private final String jwks;
    private final ServerSocket server;
    private final AtomicInteger fetches = new AtomicInteger();
    private volatile Manner manner = Manner.SERVE;

    RawServer(String jwks) {
        this.jwks = jwks;
        try {
            server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.startVirtualThread(this::accept);
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort() + "/jwks");
    }

    int fetches() {
        return fetches.get();
    }

    void behave(Manner manner) {
        this.manner = manner;
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                Thread.startVirtualThread(() -> handle(socket));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void handle(Socket socket) {
        try (socket) {
            readHead(socket);
            fetches.incrementAndGet();
            OutputStream out = socket.getOutputStream();
            switch (manner) {
                case SERVE -> {
                    byte[] body = jwks.getBytes(StandardCharsets.UTF_8);
                    writeHead(out, body.length);
                    out.write(body);
                }
                case HANG -> awaitEnd(socket);
                case RESET -> socket.setSoLinger(true, 0);
                case DRIP -> {
                    writeHead(out, 100_000);
                    while (!server.isClosed()) {
                        out.write(' ');
                        out.flush();
                        Thread.sleep(10);
                    }
                }
            }
        } catch (IOException | InterruptedException e) {
            // the client gave up, as it should
        }
    }

    private static void writeHead(OutputStream out, int length) throws IOException {
        out.write(
                ("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " + length + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
    }

    private static void readHead(Socket socket) throws IOException {
        var in =
                new BufferedReader(
                        new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        String line = in.readLine();
        while (line != null && !line.isEmpty()) {
            line = in.readLine();
        }
    }

    private static void awaitEnd(Socket socket) throws IOException {
        while (socket.getInputStream().read() >= 0) {
            // nothing more is expected
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
