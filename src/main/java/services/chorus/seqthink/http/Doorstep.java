package services.chorus.seqthink.http;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.Set;

/** Judges whom a request asks for and which page it comes from, before any route is looked for. */
@Singleton
final class Doorstep {

    /** Before all others, which may answer. */
    private static final int HEADERS = 2_000;

    /** After {@link UnreadBodies}, so that whoever is refused is let finish sending. */
    private static final int JUDGEMENT = 900;

    // kubelets and scrapers call by address
    private static final Set<String> BY_ADDRESS = Set.of("/health", "/ready", "/metrics");
    private static final String HEALTH = "/q/health";

    private final AllowedHosts hosts;
    private final AllowedOrigins origins;
    private final AnswerHeaders headers;
    private final RequestMeter meter;
    private final RequestAudit audit;
    private final BareProblems problems;

    Doorstep(
            AllowedHosts hosts,
            AllowedOrigins origins,
            AnswerHeaders headers,
            RequestMeter meter,
            RequestAudit audit,
            BareProblems problems) {
        this.hosts = hosts;
        this.origins = origins;
        this.headers = headers;
        this.meter = meter;
        this.audit = audit;
        this.problems = problems;
    }

    void register(@Observes Filters filters) {
        filters.register(this::dress, HEADERS);
        filters.register(this::judge, JUDGEMENT);
    }

    private void dress(RoutingContext context) {
        context.addHeadersEndHandler(unused -> headers.complete(context.response().headers()));
        context.next();
    }

    private void judge(RoutingContext context) {
        problem(context).ifPresentOrElse(problem -> refuse(context, problem), () -> admit(context));
    }

    private Optional<Problem> problem(RoutingContext context) {
        HttpServerRequest request = context.request();
        AllowedHosts.Verdict host =
                takesAnyHost(context.normalizedPath())
                        ? AllowedHosts.Verdict.OWN
                        : hosts.judge(request);
        return switch (host) {
            case MALFORMED -> Optional.of(Problem.BAD_REQUEST);
            case FOREIGN -> Optional.of(Problem.WRONG_HOST);
            case OWN ->
                    origins.admit(request) ? Optional.empty() : Optional.of(Problem.WRONG_ORIGIN);
        };
    }

    private static boolean takesAnyHost(String path) {
        return BY_ADDRESS.contains(path) || path.equals(HEALTH) || path.startsWith(HEALTH + "/");
    }

    private void admit(RoutingContext context) {
        HttpServerRequest request = context.request();
        context.addHeadersEndHandler(
                unused -> origins.label(request, context.response().headers()));
        if (AllowedOrigins.isPreflight(request)) {
            context.response().setStatusCode(204).end();
        } else if (hasOtherForms(context)) {
            answer(context, Problem.NOT_FOUND);
        } else {
            context.next();
        }
    }

    /**
     * A path is routed by its normal form, and by JAX-RS without its parameters; a proxy that
     * publishes some paths, and our own filters, must have seen what is routed.
     */
    private static boolean hasOtherForms(RoutingContext context) {
        String path = context.request().path();
        return path == null || !path.equals(context.normalizedPath()) || path.contains(";");
    }

    private void refuse(RoutingContext context, Problem problem) {
        meter.turnedAway(context.normalizedPath());
        answer(context, problem);
    }

    private void answer(RoutingContext context, Problem problem) {
        audit.answer(context, problem, told -> problems.send(context, told));
    }
}
