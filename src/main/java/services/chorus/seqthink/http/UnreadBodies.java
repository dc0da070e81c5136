package services.chorus.seqthink.http;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicLong;
import services.chorus.seqthink.pipeline.Problem;

/**
 * Discards the rest of a body whose request was answered early: most clients read the answer only
 * after they have sent everything. Closes the connection beyond limits of size and time.
 */
@Singleton
final class UnreadBodies {

    private final long most;
    private final long timeoutMillis;

    UnreadBodies(GatewayConfig config) {
        this.most = 4L * config.maxBodyMb() * 1024 * 1024;
        this.timeoutMillis = config.bodyTimeout().toMillis();
    }

    void drainAfterAnswer(RoutingContext context) {
        // a worker may write the answer while the request ends on the event loop
        Context loop = Vertx.currentContext();
        context.addEndHandler(answered -> loop.runOnContext(unused -> drain(context)));
        context.next();
    }

    private void drain(RoutingContext context) {
        HttpServerRequest request = context.request();
        Vertx vertx = context.vertx();
        if (request.isEnded()) {
            return;
        }
        if (request.response().getStatusCode() == Problem.TOO_SLOW.status()) {
            request.connection().close(); // its time is over
            return;
        }
        long timer = vertx.setTimer(timeoutMillis, late -> request.connection().close());
        AtomicLong dropped = new AtomicLong();
        request.endHandler(end -> vertx.cancelTimer(timer));
        request.exceptionHandler(broken -> vertx.cancelTimer(timer));
        request.handler(
                buffer -> {
                    if (dropped.addAndGet(buffer.length()) > most) {
                        request.connection().close();
                    }
                });
        request.resume();
    }
}
