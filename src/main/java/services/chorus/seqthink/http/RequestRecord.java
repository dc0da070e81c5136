package services.chorus.seqthink.http;

import io.quarkus.security.identity.SecurityIdentity;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import services.chorus.seqthink.audit.Bearer;
import services.chorus.seqthink.audit.Decision;
import services.chorus.seqthink.audit.Decision.Outcome;
import services.chorus.seqthink.audit.Decision.Part;
import services.chorus.seqthink.hash.Sha256;
import services.chorus.seqthink.policy.Caller;
import services.chorus.seqthink.protocol.Binding;
import services.chorus.seqthink.sealing.Correspondent;
import services.chorus.seqthink.sealing.Incoming;

/**
 * What is noted of one request to an {@code /mcp} route on its way, for its audit record. Safe for
 * use by several threads.
 */
final class RequestRecord {

    private static final String KEY = RequestRecord.class.getName();
    private static final Set<String> ROUTES = Set.of(ToolCalls.ROUTE, StreamResource.ROUTE);
    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

    private final HttpServerRequest request;
    private final String route;
    private final long started = System.nanoTime();
    private final AtomicBoolean decided = new AtomicBoolean();
    private volatile Optional<Bearer> bearer = Optional.empty();
    private volatile Optional<String> tool = Optional.empty();
    private volatile Optional<String> requestHash = Optional.empty();

    private RequestRecord(HttpServerRequest request, String route) {
        this.request = request;
        this.route = route;
    }

    /** Begins that of a request, once. */
    static RequestRecord begin(RoutingContext routing) {
        RequestRecord begun = new RequestRecord(routing.request(), route(routing.normalizedPath()));
        routing.put(KEY, begun);
        return begun;
    }

    /** That of a request; empty where none is kept. */
    static Optional<RequestRecord> of(RoutingContext routing) {
        return Optional.ofNullable(routing.get(KEY));
    }

    /** Notes whose token was verified. */
    void presentedBy(SecurityIdentity identity) {
        Presented presented = Presented.by(identity);
        Caller caller = presented.caller();
        String claim =
                switch (caller.kind()) {
                    case SUBJECT -> "sub";
                    case CLIENT -> "client_id";
                };
        bearer =
                Optional.of(
                        new Bearer(
                                caller.issuer(),
                                claim,
                                caller.name(),
                                presented.tokenId(),
                                presented.scopes()));
    }

    /** Notes which bytes were opened, or were not. */
    void opened(byte[] sealed, Incoming incoming) {
        Optional<Correspondent> from =
                switch (incoming) {
                    case Incoming.Accepted accepted -> Optional.of(accepted.from());
                    case Incoming.Refused refused -> Optional.of(refused.from());
                    case Incoming.Unanswerable unanswerable -> Optional.empty();
                };
        requestHash =
                from.flatMap(Correspondent::binding)
                        .map(Binding::requestHash)
                        .or(
                                () ->
                                        sealed.length == 0
                                                ? Optional.empty()
                                                : Optional.of(Sha256.base64url(sealed)));
    }

    /** Notes which tool was asked for. */
    void asksFor(String name) {
        tool = Optional.of(name);
    }

    /** Whether this is the first to ask: of what tells that a request is over, one is enough. */
    boolean decide() {
        return decided.compareAndSet(false, true);
    }

    /** That it was answered. */
    Decision answered(Instant at, int status, Object entity) {
        return switch (entity) {
            case SealedReply(byte[] body, int inside, Optional<String> code) ->
                    decision(
                            at,
                            Optional.empty(),
                            OptionalInt.of(status),
                            OptionalInt.of(inside),
                            code,
                            OptionalLong.of(body.length));
            case ProblemBody problem ->
                    decision(at, status, Optional.of(problem.code()), OptionalLong.empty());
            case SealedStream stream ->
                    decision(
                            at,
                            Optional.of(Part.BEGIN),
                            OptionalInt.of(status),
                            OptionalInt.of(status),
                            Optional.empty(),
                            OptionalLong.empty());
            case null, default -> decision(at, status, Optional.empty(), OptionalLong.empty());
        };
    }

    /** That it was answered below the routes. */
    Decision answered(Instant at, int status) {
        return decision(
                at, status, Optional.empty(), OptionalLong.of(request.response().bytesWritten()));
    }

    /** That its caller hung up before there was an answer. */
    Decision abandoned(Instant at) {
        return decision(
                at,
                Optional.empty(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                Optional.of("caller-gone"),
                OptionalLong.empty());
    }

    /** That the stream which it began has ended. */
    Decision ended(Instant at, String reason) {
        return decision(
                at,
                Optional.of(Part.END),
                OptionalInt.of(200),
                OptionalInt.of(200),
                Optional.of(reason),
                OptionalLong.of(request.response().bytesWritten()));
    }

    private Decision decision(Instant at, int status, Optional<String> code, OptionalLong sent) {
        return decision(
                at, Optional.empty(), OptionalInt.of(status), OptionalInt.empty(), code, sent);
    }

    private Decision decision(
            Instant at,
            Optional<Part> part,
            OptionalInt status,
            OptionalInt inside,
            Optional<String> code,
            OptionalLong sent) {
        String method = request.method().name();
        return new Decision(
                at,
                METHODS.contains(method) ? method : "other",
                route,
                part,
                bearer,
                tool,
                requestHash,
                outcome(status),
                status,
                inside,
                code,
                Duration.ofNanos(System.nanoTime() - started),
                request.bytesRead(),
                sent);
    }

    private static String route(String path) {
        String bare = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        return ROUTES.contains(bare) ? bare : "other";
    }

    private static Outcome outcome(OptionalInt status) {
        if (status.isEmpty() || status.getAsInt() >= 500) {
            return Outcome.FAILED;
        }
        return status.getAsInt() >= 400 ? Outcome.DENIED : Outcome.ALLOWED;
    }
}
