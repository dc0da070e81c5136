package services.chorus.seqthink.policy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import services.chorus.seqthink.net.BoundedHttp;

/** A JWKS endpoint whose behaviour can be changed while it runs. */
final class JwksServer implements AutoCloseable {

    private final HttpServer server;
    private final AtomicInteger fetches = new AtomicInteger();
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile HttpHandler behaviour;

    JwksServer(String jwks) {
        serve(jwks);
        try {
            server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext(
                "/jwks",
                exchange -> {
                    fetches.incrementAndGet();
                    behaviour.handle(exchange);
                });
        server.start();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/jwks");
    }

    static HttpKeySource source(URI url, Duration timeout) {
        return new HttpKeySource(
                new IssuerEndpoint(url, new BoundedHttp(timeout, HttpKeySource.LARGEST)));
    }

    int fetches() {
        return fetches.get();
    }

    void serve(String jwks) {
        behave(exchange -> answer(exchange, 200, jwks));
    }

    void serve(String jwks, String cacheControl) {
        behave(
                exchange -> {
                    exchange.getResponseHeaders().add("Cache-Control", cacheControl);
                    answer(exchange, 200, jwks);
                });
    }

    void answer(int status, String body) {
        behave(exchange -> answer(exchange, status, body));
    }

    /** Accepts requests without answering until it is closed. */
    void hang() {
        behave(exchange -> awaitClosing());
    }

    /** Delays answers until the latch opens. */
    void serveAfter(CountDownLatch latch, String jwks) {
        behave(
                exchange -> {
                    try {
                        latch.await();
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                    answer(exchange, 200, jwks);
                });
    }

    void behave(HttpHandler handler) {
        behaviour = handler;
    }

    static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        try (exchange) {
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private void awaitClosing() throws IOException {
        try {
            closing.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Override
    public void close() {
        closing.countDown();
        server.stop(0);
    }
}
