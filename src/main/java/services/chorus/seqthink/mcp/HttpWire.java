package services.chorus.seqthink.mcp;

import io.quarkus.rest.client.reactive.QuarkusRestClientBuilder;
import io.vertx.core.http.HttpClientRequest;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.rest.client.ext.ResponseExceptionMapper;
import org.jboss.resteasy.reactive.client.api.LoggingScope;
import org.jboss.resteasy.reactive.client.api.QuarkusRestClientProperties;

/** The REST client of one upstream. Its methods send at once and do not wait for the reply. */
final class HttpWire {

    // one for each call, and some for handshakes, cancellations and health checks: slow tools of
    // one caller must not keep the calls of others waiting for a connection
    private static final int CONNECTIONS = Upstream.MOST_CALLS + 100;

    private static final byte[] NO_BODY = {};

    private final UpstreamRoutes routes;
    private final int maxReplyBytes;

    /**
     * @param idle longest silence of a connection during a request
     */
    HttpWire(URI base, Duration idle, int maxReplyBytes) {
        this.maxReplyBytes = maxReplyBytes;
        this.routes =
                QuarkusRestClientBuilder.newBuilder()
                        .baseUri(base)
                        .readTimeout(idle.toMillis(), TimeUnit.MILLISECONDS)
                        .connectTimeout(idle.toMillis(), TimeUnit.MILLISECONDS)
                        .followRedirects(false)
                        .proxyAddress("none", 0)
                        .disableDefaultMapper(true)
                        .register(new StatusMapper())
                        .register(new HttpExchange.Writer())
                        .property(QuarkusRestClientProperties.CONNECTION_POOL_SIZE, CONNECTIONS)
                        .loggingScope(LoggingScope.NONE)
                        .userAgent("seqthink-wrapper")
                        .httpClientRequestCustomizer(HttpWire::silence)
                        .build(UpstreamRoutes.class);
    }

    HttpExchange initialize(Message message) {
        HttpExchange exchange = exchange(message.bytes());
        return exchange.sendBy(routes.message(null, null, exchange));
    }

    HttpExchange message(McpSessions.Session session, Message message) {
        HttpExchange exchange = exchange(message.bytes());
        return exchange.sendBy(
                routes.message(session.id().orElse(null), session.version().date(), exchange));
    }

    void end(McpSessions.Session session) {
        session.id()
                .ifPresent(
                        id -> {
                            HttpExchange exchange = exchange(NO_BODY);
                            exchange.sendBy(routes.end(id, session.version().date(), exchange));
                        });
    }

    HttpExchange tool(byte[] call) {
        HttpExchange exchange = exchange(call);
        return exchange.sendBy(routes.tool(exchange));
    }

    HttpExchange health() {
        HttpExchange exchange = exchange(NO_BODY);
        return exchange.sendBy(routes.health(exchange));
    }

    private HttpExchange exchange(byte[] body) {
        return new HttpExchange(body, maxReplyBytes);
    }

    private static void silence(HttpClientRequest request) {
        // Vert.x would log these, including bytes of a server that does not use HTTP.
        request.exceptionHandler(failure -> {});
        request.connection().exceptionHandler(failure -> {});
    }

    /** Every status other than 2xx is an error: redirections are not followed. */
    private static final class StatusMapper implements ResponseExceptionMapper<UpstreamException> {

        // the client reports this status for a failed connection
        private static final int NO_REPLY = 0;

        @Override
        public boolean handles(int status, MultivaluedMap<String, Object> headers) {
            return status != NO_REPLY && status / 100 != 2;
        }

        @Override
        public UpstreamException toThrowable(Response response) {
            return UpstreamException.refused(response.getStatus());
        }
    }
}
