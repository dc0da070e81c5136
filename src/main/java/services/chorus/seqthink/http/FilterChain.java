package services.chorus.seqthink.http;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.List;
import services.chorus.seqthink.http.connection.Connection;
import services.chorus.seqthink.pipeline.Problem;

/**
 * The filters that every request passes before routing, in this order. A filter either passes the
 * request on or answers it; headers added by earlier filters remain.
 */
@Singleton
final class FilterChain {

    /** Before all filters of the framework. */
    private static final int FIRST = 100_000;

    private final AuditObserver audit;
    private final List<Handler<RoutingContext>> inOrder;

    FilterChain(
            AuditObserver audit,
            RequestMeter meter,
            UnreadBodies unread,
            Doorstep doorstep,
            MetricsPage metrics) {
        this.audit = audit;
        this.inOrder =
                List.of(
                        audit::begin, // begins the exchange of a request to /mcp
                        this::track, // 503 if too many requests are in progress
                        meter::begin,
                        doorstep::addHeaders, // on every answer, refusals included
                        unread::drainAfterAnswer, // lets a rejected client finish sending
                        doorstep::checkHostAndOrigin, // 400, 421, 403
                        doorstep::checkPath, // 404
                        doorstep::dropEmptyAccept,
                        doorstep::answerPreflight, // 204
                        metrics::answer, // /metrics
                        audit::checkLog); // 503 while a mandatory audit log is unavailable
    }

    private void track(RoutingContext routing) {
        HttpServerRequest request = routing.request();
        Connection connection = Connection.of(request);
        boolean probe = Route.of(routing.request().path()).filter(Route::isProbe).isPresent();
        switch (connection.begin(request, probe)) {
            case BEGUN -> {
                routing.addEndHandler(over -> connection.end(request));
                routing.next();
            }
            case BUSY -> audit.refuse(routing, Problem.BUSY);
            case CLOSED -> {} // no answer
        }
    }

    void register(@Observes Filters filters) {
        for (int i = 0; i < inOrder.size(); i++) {
            filters.register(inOrder.get(i), FIRST - i);
        }
    }
}
