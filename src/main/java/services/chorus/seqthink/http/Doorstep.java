package services.chorus.seqthink.http;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
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
        Optional<Problem> problem = problem(request);
        if (problem.isPresent()) {
            meter.turnedAway();
            audit.refuse(routing, problem.get());
            return;
        }
        routing.addHeadersEndHandler(
                sent -> origins.addHeaders(request, routing.response().headers()));
        routing.next();
    }

    /**
     * The framework also matches paths with a trailing slash, dot segments, percent-encoded letters
     * or parameters, and some routes by prefix. Only the exact path of a route passes, so that
     * proxies and our own filters see the path that is routed. Routes of roles that are not enabled
     * do not exist.
     */
    void checkPath(RoutingContext routing) {
        HttpServerRequest request = routing.request();
        if (namesAPath(request)
                && Route.of(request.path()).filter(route -> route.isOn(config.get())).isPresent()) {
            routing.next();
        } else {
            audit.refuse(routing, Problem.NOT_FOUND);
        }
    }

    /**
     * Takes an empty Accept for a missing one (RFC 9110 section 12.5.1 gives it no other meaning):
     * the framework fails on it where a route has several representations.
     */
    void dropEmptyAccept(RoutingContext routing) {
        MultiMap headers = routing.request().headers();
        if (headers.getAll(HttpHeaders.ACCEPT).stream().allMatch(String::isBlank)) {
            headers.remove(HttpHeaders.ACCEPT);
        }
        routing.next();
    }

    void answerPreflight(RoutingContext routing) {
        if (AllowedOrigins.isPreflight(routing.request())) {
            routing.response().setStatusCode(204).end();
        } else {
            routing.next();
        }
    }

    /**
     * Whether a target is a path, or in HTTP/1 has the absolute form that RFC 9112 section 3.2.2
     * requires servers to accept: the connection's own scheme, and the Host as sent.
     */
    private static boolean namesAPath(HttpServerRequest request) {
        String target = request.uri();
        boolean absolute =
                request.version() != HttpVersion.HTTP_2
                        && target.startsWith(
                                request.scheme()
                                        + "://"
                                        + request.getHeader(HttpHeaders.HOST)
                                        + "/");
        return (target.startsWith("/") || absolute) && target.indexOf('#') < 0;
    }

    private Optional<Problem> problem(HttpServerRequest request) {
        boolean anyHost = Route.of(request.path()).filter(Route::isProbe).isPresent();
        return hosts.problem(request)
                .filter(problem -> !anyHost || problem != Problem.WRONG_HOST)
                .or(
                        () ->
                                origins.admit(request)
                                        ? Optional.empty()
                                        : Optional.of(Problem.WRONG_ORIGIN));
    }
}
