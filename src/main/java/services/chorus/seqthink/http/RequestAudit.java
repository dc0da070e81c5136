package services.chorus.seqthink.http;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Provider;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import java.lang.annotation.Annotation;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;
import services.chorus.seqthink.audit.AuditLog;
import services.chorus.seqthink.audit.Decision;
import services.chorus.seqthink.http.GatewayConfig.Role;

/**
 * Writes one audit record of every request to an {@code /mcp} route, however it ends. Where records
 * are required, nothing is begun while they cannot be written, and an answer waits for its own.
 */
@Singleton
final class RequestAudit {

    /** Before all that may answer a request. */
    private static final int OUTERMOST = 100_000;

    /** How long an answer is held back for its record. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    // filters are made at build time, before there is any configuration
    private final Provider<GatewayConfig> config;
    private final Provider<AuditLog> log;
    private final Provider<InstantSource> clock;

    RequestAudit(
            Provider<GatewayConfig> config, Provider<AuditLog> log, Provider<InstantSource> clock) {
        this.config = config;
        this.log = log;
        this.clock = clock;
    }

    void register(@Observes Filters filters) {
        filters.register(this::begin, OUTERMOST);
    }

    private void begin(RoutingContext routing) {
        String path = routing.normalizedPath();
        boolean mcp = path.equals("/mcp") || path.startsWith("/mcp/");
        if (mcp && Role.DOOR.actsIn(config.get())) {
            RequestRecord record = RequestRecord.begin(routing);
            routing.addEndHandler(over -> end(record, routing.response()));
        }
        routing.next();
    }

    /**
     * Has a request answered for which no route is looked for: where records are required, once its
     * own is written.
     *
     * @param answer sends the problem given, or that requests cannot be audited
     */
    void answer(RoutingContext routing, Problem problem, Consumer<Problem> answer) {
        Optional<RequestRecord> record = RequestRecord.of(routing).filter(RequestRecord::decide);
        if (record.isEmpty()) {
            answer.accept(problem);
            return;
        }
        boolean required = log.get().required();
        Problem due = required && !log.get().accepting() ? Problem.AUDIT_UNAVAILABLE : problem;
        CompletableFuture<Void> written =
                log.get()
                        .record(
                                record.get()
                                        .answered(
                                                clock.get().instant(),
                                                due.status(),
                                                ProblemBody.of(due)))
                        .toCompletableFuture();
        if (!required || due == Problem.AUDIT_UNAVAILABLE) {
            answer.accept(due);
            return;
        }
        Context loop = Vertx.currentContext();
        written.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .handle((done, failure) -> failure == null ? due : Problem.AUDIT_UNAVAILABLE)
                .thenAccept(told -> loop.runOnContext(unused -> answer.accept(told)));
    }

    @ServerRequestFilter(preMatching = true)
    Optional<Response> refuse(ContainerRequestContext request, RoutingContext routing) {
        boolean refused =
                RequestRecord.of(routing).isPresent()
                        && log.get().required()
                        && !log.get().accepting();
        return refused
                ? Optional.of(
                        ProblemBody.response(Problem.AUDIT_UNAVAILABLE)
                                .header(HttpHeaders.RETRY_AFTER, ProblemMappers.TRY_AGAIN_SECONDS)
                                .build())
                : Optional.empty();
    }

    /** Before the meters, which are to see what is sent. */
    @ServerResponseFilter(priority = Priorities.USER + 1000)
    Uni<Void> answer(ContainerResponseContext response, RoutingContext routing) {
        Optional<RequestRecord> record = RequestRecord.of(routing).filter(RequestRecord::decide);
        Optional<Decision> decision =
                record.map(
                        kept ->
                                kept.answered(
                                        clock.get().instant(),
                                        response.getStatus(),
                                        response.getEntity()));
        if (response.getEntity() instanceof SealedReply reply) {
            response.setEntity(reply.body());
        }
        return decision.map(decided -> write(decided, record.get(), response))
                .orElseGet(() -> Uni.createFrom().voidItem());
    }

    private Uni<Void> write(
            Decision decision, RequestRecord record, ContainerResponseContext response) {
        Uni<Void> written = Uni.createFrom().completionStage(log.get().record(decision));
        if (!log.get().required() || isUnavailable(response.getEntity())) {
            return Uni.createFrom().voidItem();
        }
        return written.ifNoItem()
                .after(PATIENCE)
                .fail()
                .onFailure()
                .recoverWithItem(
                        () -> {
                            withhold(response);
                            log.get()
                                    .record(
                                            record.answered(
                                                    clock.get().instant(),
                                                    response.getStatus(),
                                                    response.getEntity()));
                            return null;
                        });
    }

    /** An answer that says of nothing but the log need not wait for it. */
    private static boolean isUnavailable(Object entity) {
        return entity instanceof ProblemBody problem
                && problem.code().equals(Problem.AUDIT_UNAVAILABLE.code());
    }

    private static void withhold(ContainerResponseContext response) {
        Response refusal = ProblemBody.response(Problem.AUDIT_UNAVAILABLE).build();
        response.setStatus(refusal.getStatus());
        response.setEntity(refusal.getEntity(), new Annotation[0], ProblemBody.TYPE);
        MultivaluedMap<String, Object> headers = response.getHeaders();
        headers.putSingle(HttpHeaders.CACHE_CONTROL, "no-store");
        headers.putSingle(HttpHeaders.RETRY_AFTER, ProblemMappers.TRY_AGAIN_SECONDS);
    }

    /** What no response filter saw: an answer from below the routes, or none at all. */
    private void end(RequestRecord record, HttpServerResponse response) {
        if (record.decide()) {
            log.get()
                    .record(
                            response.ended()
                                    ? record.answered(
                                            clock.get().instant(), response.getStatusCode())
                                    : record.abandoned(clock.get().instant()));
        }
    }
}
