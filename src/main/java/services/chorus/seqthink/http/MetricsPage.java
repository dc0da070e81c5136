package services.chorus.seqthink.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.micrometer.prometheus.PrometheusMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Provider;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Answers {@code /metrics} with what the meters say after the request has arrived. One text is
 * rendered for all requests that wait, at most ten times a second: a text takes milliseconds of
 * CPU, and anyone may ask for it. Safe for use by several threads.
 */
@Singleton
// Micrometer has moved the class; this is the one whose meters the framework registers
@SuppressWarnings("deprecation")
final class MetricsPage {

    private static final Duration PAUSE = Duration.ofMillis(100);

    /** What a text looks like. */
    private enum Format {
        OPEN_METRICS("application/openmetrics-text; version=1.0.0; charset=utf-8"),
        PLAIN("text/plain; version=0.0.4; charset=utf-8");

        private final String type;

        Format(String type) {
            this.type = type;
        }

        static Format of(HttpServerRequest request) {
            String accept = request.getHeader(HttpHeaders.ACCEPT);
            boolean plain =
                    accept != null
                            && (accept.contains("text/plain") || accept.contains("text/html"));
            return plain ? PLAIN : OPEN_METRICS;
        }
    }

    /** A request, and the event loop on which it is answered. */
    private record Waiting(RoutingContext routing, Context loop) {}

    private final Vertx vertx;
    // filters are created at build time, before the registry
    private final Provider<PrometheusMeterRegistry> registry;

    private List<Waiting> waiting = new ArrayList<>();
    private boolean rendering;
    private long last = System.nanoTime() - PAUSE.toNanos();

    MetricsPage(Vertx vertx, Provider<PrometheusMeterRegistry> registry) {
        this.vertx = vertx;
        this.registry = registry;
    }

    void answer(RoutingContext routing) {
        HttpMethod method = routing.request().method();
        boolean mine =
                Route.of(routing.request().path()).filter(Route.METRICS::equals).isPresent()
                        && (method == HttpMethod.GET || method == HttpMethod.HEAD);
        if (mine) {
            add(new Waiting(routing, Vertx.currentContext()));
        } else {
            routing.next();
        }
    }

    private synchronized void add(Waiting request) {
        waiting.add(request);
        if (!rendering) {
            rendering = true;
            renderNext();
        }
    }

    private void renderNext() {
        long pause = (last + PAUSE.toNanos() - System.nanoTime()) / 1_000_000;
        if (pause > 0) {
            vertx.setTimer(pause, now -> Thread.startVirtualThread(this::render));
        } else {
            Thread.startVirtualThread(this::render);
        }
    }

    private void render() {
        Map<Format, byte[]> texts = new EnumMap<>(Format.class);
        for (Waiting request : take()) {
            Format format = Format.of(request.routing.request());
            byte[] text =
                    texts.computeIfAbsent(
                            format, unused -> registry.get().scrape(format.type).getBytes(UTF_8));
            request.loop.runOnContext(now -> send(request.routing, format, text));
        }
        synchronized (this) {
            rendering = !waiting.isEmpty();
            if (rendering) {
                renderNext();
            }
        }
    }

    private synchronized List<Waiting> take() {
        List<Waiting> taken = waiting;
        waiting = new ArrayList<>();
        last = System.nanoTime();
        return taken;
    }

    private static void send(RoutingContext routing, Format format, byte[] text) {
        if (routing.response().closed()) {
            return;
        }
        routing.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, format.type)
                .putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(text.length));
        if (routing.request().method() == HttpMethod.HEAD) {
            routing.response().end();
        } else {
            routing.response().end(Buffer.buffer(text));
        }
    }
}
