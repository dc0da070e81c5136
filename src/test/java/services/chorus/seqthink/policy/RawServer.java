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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A JWKS endpoint that can misbehave below HTTP until a test releases it. */
final class RawServer implements AutoCloseable {

    enum Manner {
        SERVE,
        /** Answers nothing. */
        HANG,
        RESET,
        /** Sends one byte at a time, slowly. */
        DRIP,
        /** Determines its answer at once and sends it later. */
        LATE
    }

    private record Answer(int status, String body) {}

    private final ServerSocket server;
    private final AtomicInteger fetches = new AtomicInteger();
    private volatile CountDownLatch released = new CountDownLatch(1);
    private volatile Answer answer;
    private volatile Manner manner = Manner.SERVE;

    RawServer(String jwks) {
        this.answer = new Answer(200, jwks);
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

    void answer(int status, String body) {
        answer = new Answer(status, body);
        manner = Manner.SERVE;
    }

    /** Ends every response that hangs, drips or is late. */
    void release() {
        CountDownLatch held = released;
        released = new CountDownLatch(1);
        held.countDown();
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
            Answer now = answer;
            CountDownLatch end = released;
            fetches.incrementAndGet();
            OutputStream out = socket.getOutputStream();
            switch (manner) {
                case SERVE -> write(out, now);
                case HANG -> end.await();
                case RESET -> socket.setSoLinger(true, 0);
                case DRIP -> {
                    writeHead(out, 200, 100_000);
                    while (!end.await(10, TimeUnit.MILLISECONDS)) {
                        out.write(' ');
                        out.flush();
                    }
                }
                case LATE -> {
                    end.await();
                    write(out, now);
                }
            }
        } catch (IOException | InterruptedException e) {
            // the client gave up, as it should
        }
    }

    private static void write(OutputStream out, Answer answer) throws IOException {
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        writeHead(out, answer.status(), body.length);
        out.write(body);
    }

    private static void writeHead(OutputStream out, int status, int length) throws IOException {
        out.write(
                "HTTP/1.1 %d -\r\nConnection: close\r\nContent-Length: %d\r\n\r\n"
                        .formatted(status, length)
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

    @Override
    public void close() throws IOException {
        server.close();
        release();
    }
}
