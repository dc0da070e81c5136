package services.chorus.seqthink.http;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Provider;
import jakarta.inject.Singleton;
import jakarta.ws.rs.container.ContainerResponseContext;
import java.lang.annotation.Annotation;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;
import services.chorus.seqthink.audit.AuditEvent;
import services.chorus.seqthink.audit.AuditEvent.Bearer;
import services.chorus.seqthink.audit.AuditEvent.Outcome;
import services.chorus.seqthink.audit.AuditEvent.Part;
import services.chorus.seqthink.audit.AuditLog;
import services.chorus.seqthink.http.GatewayConfig.Role;
import services.chorus.seqthink.pipeline.AuthenticatedCaller;
import services.chorus.seqthink.pipeline.Exchange;
import services.chorus.seqthink.pipeline.Problem;
import services.chorus.seqthink.policy.limits.RecordLimits;

/**
 * Writes one audit event for each request to an {@code /mcp} route, however it ends, or counts it
 * where {@link RecordLimits} says so. If events are mandatory, no request starts while they cannot
 * be written, and each answer waits for its event: if the event cannot be written, {@link
 * Problem#AUDIT_UNAVAILABLE} replaces the answer.
 */
@Singleton
final class AuditObserver {

    /** How long an answer waits for its event. */
    private static final Duration EVENT_TIMEOUT = Duration.ofSeconds(5);

    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

    // filters are created at build time, before the configuration
    private final Provider<GatewayConfig> config;
    private final Provider<AuditLog> log;
    private final Provider<RecordLimits> limits;
    private final Provider<InstantSource> clock;
    private final ProblemSender problems;

    AuditObserver(
            Provider<GatewayConfig> config,
            Provider<AuditLog> log,
            Provider<RecordLimits> limits,
            Provider<InstantSource> clock,
            ProblemSender problems) {
        this.config = config;
        this.log = log;
        this.limits = limits;
        this.clock = clock;
        this.problems = problems;
    }

    void begin(RoutingContext routing) {
        if (Route.isMcp(routing.normalizedPath()) && Role.DOOR.actsIn(config.get())) {
            Exchange exchange = Exchanges.begin(routing);
            routing.addEndHandler(over -> end(routing, exchange));
        }
        routing.next();
    }

    /** Rejects a request while a mandatory audit log is unavailable. */
    void checkLog(RoutingContext routing) {
        if (Exchanges.find(routing).isPresent() && isMissing()) {
            refuse(routing, Problem.AUDIT_UNAVAILABLE);
        } else {
            routing.next();
        }
    }

    /** Rejects a request before routing. */
    void refuse(RoutingContext routing, Problem problem) {
        Problem due =
                Exchanges.find(routing).isPresent() && isMissing()
                        ? Problem.AUDIT_UNAVAILABLE
                        : problem;
        Context loop = Vertx.currentContext();
        awaited(routing, AuditedAnswer.of(due))
                .ifPresentOrElse(
                        written ->
                                written.emitOn(work -> loop.runOnContext(now -> work.run()))
                                        .map(done -> done ? due : Problem.AUDIT_UNAVAILABLE)
                                        .subscribe()
                                        .with(sent -> problems.send(routing, sent)),
                        () -> problems.send(routing, due));
    }

    @ServerResponseFilter
    Uni<Void> answer(ContainerResponseContext response, RoutingContext routing) {
        return awaited(routing, AuditedAnswer.of(response, Exchanges.find(routing)))
                .orElseGet(() -> Uni.createFrom().item(true))
                .invoke(
                        written -> {
                            if (!written) {
                                withhold(response, routing);
                            }
                        })
                .replaceWithVoid();
    }

    /** Records a request whose caller has closed its connection. */
    void gone(RoutingContext routing) {
        Exchanges.find(routing).ifPresent(exchange -> end(routing, exchange));
    }

    void ended(RoutingContext routing, String reason) {
        OptionalLong sent = OptionalLong.of(routing.response().bytesWritten());
        AuditedAnswer end = AuditedAnswer.of(Part.END, Optional.of(reason), sent);
        log.get().record(event(routing, Exchanges.of(routing), end));
    }

    /**
     * Records the first answer to a request.
     *
     * @return whether the event was written in time; empty if the answer need not wait for it
     */
    private Optional<Uni<Boolean>> awaited(RoutingContext routing, AuditedAnswer answer) {
        return Exchanges.find(routing)
                .filter(Exchange::isFirstAnswer)
                .map(exchange -> record(routing, exchange, answer))
                .filter(written -> log.get().required() && !answer.isUnavailable())
                .map(
                        written ->
                                Uni.createFrom()
                                        .completionStage(written)
                                        .replaceWith(true)
                                        .ifNoItem()
                                        .after(EVENT_TIMEOUT)
                                        .recoverWithItem(false)
                                        .onFailure()
                                        .recoverWithItem(false));
    }

    /** Records an answer that no response filter saw, or that there was none. */
    private void end(RoutingContext routing, Exchange exchange) {
        HttpServerResponse response = routing.response();
        if (exchange.isFirstAnswer()) {
            AuditedAnswer answer =
                    response.ended()
                            ? AuditedAnswer.of(
                                    response.getStatusCode(),
                                    Optional.empty(),
                                    OptionalLong.of(response.bytesWritten()))
                            : new AuditedAnswer(
                                    Optional.empty(),
                                    OptionalInt.empty(),
                                    OptionalInt.empty(),
                                    Optional.of("caller-gone"),
                                    OptionalLong.empty());
            record(routing, exchange, answer);
        }
    }

    /**
     * Records the outcome of a request. Beyond a rate, requests that anybody can send without limit
     * are only counted: those of strangers, and those over their caller's rate.
     */
    private CompletionStage<Void> record(
            RoutingContext routing, Exchange exchange, AuditedAnswer answer) {
        if (hasOwnRecord(routing.request(), exchange, answer)) {
            return log.get().record(event(routing, exchange, answer));
        }
        log.get().omit();
        return CompletableFuture.completedFuture(null);
    }

    private boolean hasOwnRecord(
            HttpServerRequest request, Exchange exchange, AuditedAnswer answer) {
        if (exchange.authenticated().isEmpty()) {
            return limits.get()
                    .admitStranger(peer(request), request.headers().getAll("X-Forwarded-For"));
        }
        return !answer.isOverRate()
                || limits.get().admitOverRate(exchange.authenticated().get().caller());
    }

    /** The address of the connection; of one that closed early, which has none, any. */
    private static InetAddress peer(HttpServerRequest request) {
        return Optional.ofNullable(request.connection().remoteAddress())
                .map(SocketAddress::hostAddress)
                .map(InetAddress::ofLiteral)
                .orElseGet(InetAddress::getLoopbackAddress);
    }

    /** Replaces an answer whose event could not be written. */
    private void withhold(ContainerResponseContext response, RoutingContext routing) {
        Problem problem = Problem.AUDIT_UNAVAILABLE;
        response.setStatus(problem.status());
        response.setEntity(
                ProblemBody.of(problem, problem.status()), new Annotation[0], ProblemBody.TYPE);
        ProblemBody.headers(problem.status()).forEach(response.getHeaders()::putSingle);
        log.get().record(event(routing, Exchanges.of(routing), AuditedAnswer.of(problem)));
    }

    private boolean isMissing() {
        return log.get().required() && !log.get().accepting();
    }

    private AuditEvent event(RoutingContext routing, Exchange exchange, AuditedAnswer answer) {
        HttpServerRequest request = routing.request();
        String method = request.method().name();
        return new AuditEvent(
                clock.get().instant(),
                METHODS.contains(method) ? method : "other",
                route(exchange.route()),
                answer.part(),
                exchange.authenticated().map(AuditObserver::bearer),
                exchange.tool(),
                exchange.requestHash(),
                outcome(answer.status()),
                answer.status(),
                answer.inside(),
                answer.code(),
                exchange.age(),
                request.bytesRead(),
                answer.sent());
    }

    /** The path of a known route, or {@code other}. */
    private static String route(String path) {
        String bare = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        return Route.of(bare).map(Route::path).orElse("other");
    }

    private static Bearer bearer(AuthenticatedCaller sender) {
        String claim =
                switch (sender.caller().kind()) {
                    case SUBJECT -> "sub";
                    case CLIENT -> "client_id";
                };
        return new Bearer(
                sender.caller().issuer(),
                claim,
                sender.caller().name(),
                sender.token().flatMap(sent -> sent.claims().tokenId()),
                sender.scopes());
    }

    private static Outcome outcome(OptionalInt status) {
        if (status.isEmpty() || status.getAsInt() >= 500) {
            return Outcome.FAILED;
        }
        return status.getAsInt() >= 400 ? Outcome.DENIED : Outcome.ALLOWED;
    }
}
