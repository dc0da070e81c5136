package services.chorus.seqthink.http;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicLong;
import services.chorus.seqthink.pipeline.Problem;

/**
 * Lets a client whose request was answered before its body was read finish sending: most read the
 * answer only then. What comes is thrown away, within bounds of size and time, past which the
 * connection is closed.
 */
@Singleton
final class UnreadBodies {

    private final long most;
    private final long patience;

    UnreadBodies(GatewayConfig config) {
        this.most = 4L * config.maxBodyMb() * 1024 * 1024;
        this.patience = config.bodyTimeout().toMillis();
    }

    void drainAfterAnswer(RoutingContext context) {
        // a worker may write the answer, and what it asks of the request could end meanwhile
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
            request.connection().close(); // it had its time
            return;
        }
        long timer = vertx.setTimer(patience, late -> request.connection().close());
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
