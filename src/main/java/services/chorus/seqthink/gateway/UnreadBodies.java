package services.chorus.seqthink.gateway;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Lets a client whose request was answered before its body was read finish sending: most read the
 * answer only then. What comes is thrown away, up to a bound, past which the connection is closed.
 */
@Singleton
final class UnreadBodies {

    private static final int FIRST = 1_000;

    private final long most;

    UnreadBodies(GatewayConfig config) {
        this.most = 4L * config.maxBodyMb() * 1024 * 1024;
    }

    void register(@Observes Filters filters) {
        filters.register(this::watch, FIRST);
    }

    private void watch(RoutingContext context) {
        context.addBodyEndHandler(answered -> drain(context.request()));
        context.next();
    }

    private void drain(HttpServerRequest request) {
        if (request.isEnded()) {
            return;
        }
        AtomicLong dropped = new AtomicLong();
        request.handler(
                buffer -> {
                    if (dropped.addAndGet(buffer.length()) > most) {
                        request.connection().close();
                    }
                });
        request.resume();
    }
}
