package services.chorus.seqthink.http;

import io.quarkus.vertx.VertxOptionsCustomizer;
import io.quarkus.vertx.http.runtime.ExtendedQuarkusVertxHttpMetrics;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.metrics.MetricsOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.spi.metrics.HttpServerMetrics;
import io.vertx.core.spi.metrics.VertxMetrics;
import io.vertx.core.spi.observability.HttpResponse;
import jakarta.inject.Singleton;

/**
 * Adds the mandatory headers to answers that Vert.x sends before routing, such as 414 and 431. Only
 * metrics see those answers before they are written; nothing is measured here.
 */
@Singleton
final class UnroutedAnswers implements VertxOptionsCustomizer {

    private final AnswerHeaders headers;

    UnroutedAnswers(AnswerHeaders headers) {
        this.headers = headers;
    }

    /** Uses a deprecated option: Quarkus does not expose the Vert.x builder that replaces it. */
    @Override
    @SuppressWarnings("deprecation")
    public void accept(VertxOptions options) {
        options.setMetricsOptions(
                new MetricsOptions().setEnabled(true).setFactory(unused -> new Watch(headers)));
    }

    private record Watch(AnswerHeaders headers)
            implements VertxMetrics,
                    HttpServerMetrics<Void, Void, Void>,
                    ExtendedQuarkusVertxHttpMetrics {

        @Override
        public HttpServerMetrics<?, ?, ?> createHttpServerMetrics(
                HttpServerOptions options, SocketAddress address) {
            return this;
        }

        @Override
        public void responseBegin(Void request, HttpResponse response) {
            headers.complete(response.headers());
        }

        // Quarkus requires it if metrics are enabled
        @Override
        public ConnectionTracker getHttpConnectionTracker() {
            return NOOP_CONNECTION_TRACKER;
        }

        @Override
        public void close() {
            // nothing is held
        }
    }
}
