package services.chorus.seqthink.testing;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** An MCP server that accepts a call, does not answer, and detects when its caller disconnects. */
public final class SilentPeer implements QuarkusTestResourceLifecycleManager {

    private static final byte[] HEALTHY =
            "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII);

    private final CountDownLatch called = new CountDownLatch(1);
    private final CountDownLatch givenUp = new CountDownLatch(1);
    private ServerSocket server;

    @Override
    public Map<String, String> start() {
        try {
            server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::serve);
        return Map.of(
                "seqthink.mcp.local",
                "http://127.0.0.1:" + server.getLocalPort(),
                "seqthink.mcp.protocol",
                "plain");
    }

    @Override
    public void stop() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(this, new TestInjector.MatchesType(SilentPeer.class));
    }

    /** Zero once a call has arrived. */
    public CountDownLatch called() {
        return called;
    }

    /** Zero once the caller has disconnected. */
    public CountDownLatch givenUp() {
        return givenUp;
    }

    private void serve() {
        while (!server.isClosed()) {
            try {
                Socket caller = server.accept();
                Thread.ofVirtual().start(() -> serve(caller));
            } catch (IOException e) {
                return; // stopped
            }
        }
    }

    private void serve(Socket caller) {
        try (caller;
                InputStream in = caller.getInputStream()) {
            if (in.read() != 'P') {
                caller.getOutputStream().write(HEALTHY); // a health check, not a call
                return;
            }
            called.countDown();
            in.transferTo(OutputStream.nullOutputStream());
            givenUp.countDown();
        } catch (IOException e) {
            // a reset also disconnects
            givenUp.countDown();
        }
    }
}
