package services.chorus.seqthink.testing;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** An MCP server that takes a call, says nothing, and notices when its caller hangs up. */
public final class SilentPeer implements QuarkusTestResourceLifecycleManager {

    private final CountDownLatch called = new CountDownLatch(1);
    private final CountDownLatch givenUp = new CountDownLatch(1);
    private ServerSocket server;

    @Override
    public Map<String, String> start() {
        try {
            server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::serveOne);
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

    /** Down to zero once a call came. */
    public CountDownLatch called() {
        return called;
    }

    /** Down to zero once the caller hung up. */
    public CountDownLatch givenUp() {
        return givenUp;
    }

    private void serveOne() {
        try (Socket caller = server.accept();
                InputStream in = caller.getInputStream()) {
            in.read();
            called.countDown();
            in.transferTo(OutputStream.nullOutputStream());
            givenUp.countDown();
        } catch (IOException e) {
            // a reset is a way to hang up
            givenUp.countDown();
        }
    }
}
