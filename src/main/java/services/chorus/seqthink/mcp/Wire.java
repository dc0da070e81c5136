package services.chorus.seqthink.mcp;

import io.quarkus.rest.client.reactive.QuarkusRestClientBuilder;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.http.HttpClientRequest;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jboss.resteasy.reactive.client.api.LoggingScope;
import org.jboss.resteasy.reactive.client.api.QuarkusRestClientProperties;
import services.chorus.seqthink.mcp.UpstreamException.Kind;
import services.chorus.seqthink.net.EventStream;

/** The REST client of one upstream, and how much of a reply it reads. */
final class Wire {

    // One caller that waits for its tool must not keep the others from theirs.
    private static final int CONNECTIONS = 256;

    private final UpstreamRoutes routes;
    private final int maxReplyBytes;

    /**
     * @param idle how long a connection may stay silent during a request
     */
    Wire(URI base, Duration idle, int maxReplyBytes) {
        this.maxReplyBytes = maxReplyBytes;
        this.routes =
                QuarkusRestClientBuilder.newBuilder()
                        .baseUri(base)
                        .readTimeout(idle.toMillis(), TimeUnit.MILLISECONDS)
                        .connectTimeout(idle.toMillis(), TimeUnit.MILLISECONDS)
                        .followRedirects(false)
                        .proxyAddress("none", 0)
                        .disableDefaultMapper(true)
                        .register(new RefusedException.Mapper())
                        .register(new Exchange.Writer())
                        .property(QuarkusRestClientProperties.CONNECTION_POOL_SIZE, CONNECTIONS)
                        .loggingScope(LoggingScope.NONE)
                        .userAgent("seqthink-wrapper")
                        .httpClientRequestCustomizer(Wire::silence)
                        .build(UpstreamRoutes.class);
    }

    UpstreamRoutes routes() {
        return routes;
    }

    /**
     * Sends an exchange and reads the JSON documents of its reply (the data of each event of an
     * event stream, else the whole body) until one is what the caller wants. Cancelling closes the
     * connection, whether or not the upstream has answered yet.
     *
     * @param take what to make of a document; empty to pass it over
     * @return what was taken; null when the reply ended before
     */
    <T> Uni<T> first(
            Exchange exchange,
            Function<Exchange, Uni<?>> send,
            Function<byte[], Optional<T>> take) {
        return Uni.createFrom()
                .emitter(
                        taken -> {
                            taken.onTermination(exchange::abandon);
                            Reply<T> reply = new Reply<>(exchange, take, taken);
                            exchange.read(reply::accept);
                            // Not cancelled itself: a request that is cancelled while it waits
                            // for a connection keeps it.
                            send.apply(exchange)
                                    .subscribe()
                                    .with(whole -> reply.end(), taken::fail);
                        });
    }

    /** Sends an exchange whose reply, if it is no refusal, says nothing more. */
    Uni<Void> send(Exchange exchange, Function<Exchange, Uni<?>> send) {
        return first(exchange, send, document -> Optional.empty());
    }

    /**
     * Completes, with null, when the plain contract's health is good. Cancelling closes the
     * connection.
     */
    Uni<Void> health() {
        return Uni.createFrom().deferred(() -> send(new Exchange(), routes::health));
    }

    private static void silence(HttpClientRequest request) {
        // Vert.x would log these, and with them what a server said that speaks no HTTP.
        request.exceptionHandler(failure -> {});
        request.connection().exceptionHandler(failure -> {});
    }

    private final class Reply<T> {

        private final Exchange exchange;
        private final Function<byte[], Optional<T>> take;
        private final UniEmitter<? super T> taken;
        private final EventStream events = new EventStream();
        private final ByteArrayOutputStream whole = new ByteArrayOutputStream();
        private long received;

        Reply(Exchange exchange, Function<byte[], Optional<T>> take, UniEmitter<? super T> taken) {
            this.exchange = exchange;
            this.take = take;
            this.taken = taken;
        }

        void accept(byte[] chunk) {
            received += chunk.length;
            if (received > maxReplyBytes) {
                taken.fail(new UpstreamException(Kind.REPLY_TOO_LARGE));
            } else if (exchange.isEvents()) {
                events.accept(chunk).forEach(this::offer);
            } else {
                whole.writeBytes(chunk);
            }
        }

        void end() {
            if (whole.size() > 0) {
                offer(whole.toByteArray());
            }
            taken.complete(null);
        }

        private void offer(byte[] document) {
            try {
                take.apply(document).ifPresent(taken::complete);
            } catch (RuntimeException e) {
                taken.fail(e);
            }
        }
    }
}
