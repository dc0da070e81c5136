package services.chorus.seqthink.http;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Provider;
import jakarta.inject.Singleton;
import java.util.Optional;
import services.chorus.seqthink.pipeline.Problem;

/** Checks the host, the origin and the form of the path of a request, before routing. */
@Singleton
final class Doorstep {

    private final AllowedHosts hosts;
    private final AllowedOrigins origins;
    private final AnswerHeaders headers;
    private final RequestMeter meter;
    private final AuditObserver audit;
    // filters are created at build time, before the configuration
    private final Provider<GatewayConfig> config;

    Doorstep(
            AllowedHosts hosts,
            AllowedOrigins origins,
            AnswerHeaders headers,
            RequestMeter meter,
            AuditObserver audit,
            Provider<GatewayConfig> config) {
        this.hosts = hosts;
        this.origins = origins;
        this.headers = headers;
        this.meter = meter;
        this.audit = audit;
        this.config = config;
    }

    void addHeaders(RoutingContext routing) {
        routing.addHeadersEndHandler(sent -> headers.complete(routing.response().headers()));
        routing.next();
    }

    void checkHostAndOrigin(RoutingContext routing) {
        HttpServerRequest request = routing.request();
        if (request.version() == null) { // an HTTP version that Vert.x does not support
            routing.response().setStatusCode(501).end();
            return;
        }
        Optional<Problem> problem = problem(routing);
        if (problem.isPresent()) {
            meter.turnedAway();
            audit.refuse(routing, problem.get());
            return;
        }
        routing.addHeadersEndHandler(
                sent -> origins.addHeaders(request, routing.response().headers()));
        if (AllowedOrigins.isPreflight(request)) {
            routing.response().setStatusCode(204).end();
        } else {
            routing.next();
        }
    }

    /**
     * Vert.x routes a path by its normal form, and JAX-RS ignores path parameters. Only normal
     * paths without parameters pass, so that proxies and our own filters see the path that is
     * routed. Routes of roles that are not enabled do not exist.
     */
    void checkPath(RoutingContext routing) {
        String path = routing.request().path();
        boolean normal =
                path != null && path.equals(routing.normalizedPath()) && !path.contains(";");
        if (normal && Route.of(path).filter(route -> !route.isOn(config.get())).isEmpty()) {
            routing.next();
        } else {
            audit.refuse(routing, Problem.NOT_FOUND);
        }
    }

    private Optional<Problem> problem(RoutingContext routing) {
        HttpServerRequest request = routing.request();
        boolean anyHost = Route.of(routing.normalizedPath()).filter(Route::isProbe).isPresent();
        if (!anyHost) {
            Optional<Problem> problem = hosts.problem(request);
            if (problem.isPresent()) {
                return problem;
            }
        }
        return origins.admit(request) ? Optional.empty() : Optional.of(Problem.WRONG_ORIGIN);
    }
}
