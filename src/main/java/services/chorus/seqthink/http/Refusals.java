package services.chorus.seqthink.http;

import io.quarkus.logging.Log;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Provider;
import jakarta.inject.Singleton;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.net.InetAddress;
import java.util.Optional;
import java.util.stream.Stream;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import services.chorus.seqthink.pipeline.Problem;
import services.chorus.seqthink.pipeline.Refused;
import services.chorus.seqthink.pipeline.SealReply;
import services.chorus.seqthink.policy.Challenge;
import services.chorus.seqthink.policy.Reason;
import services.chorus.seqthink.policy.Scheme;
import services.chorus.seqthink.policy.limits.FailureLimits;
import services.chorus.seqthink.policy.limits.Standing;
import services.chorus.seqthink.telemetry.Count;
import services.chorus.seqthink.telemetry.Meters;

/**
 * Turns every exception that ends a request into an answer. The text of an exception is never sent.
 */
@Singleton
final class Refusals {

    private final Challenge challenge;
    // absent in a process that runs only the issuer
    private final Provider<FailureLimits> limits;
    private final Provider<SealReply> seal;
    private final Meters meters;
    private final AuditObserver audit;

    Refusals(
            Challenge challenge,
            Provider<FailureLimits> limits,
            Provider<SealReply> seal,
            Meters meters,
            AuditObserver audit) {
        this.challenge = challenge;
        this.limits = limits;
        this.seal = seal;
        this.meters = meters;
        this.audit = audit;
    }

    @ServerExceptionMapper
    Response refused(Refused thrown, RoutingContext routing) {
        return switch (thrown.reason()) {
            case Refused.Outside(Problem problem) -> ProblemBody.response(problem).build();
            case Refused.InvalidToken(Reason reason) ->
                    unauthenticated(
                            challenge.invalidToken(schemeOf(routing.request()), reason),
                            routing.request());
            case Refused.InvalidProof(var fault) ->
                    unauthenticated(challenge.invalidProof(fault.description()), routing.request());
            case Refused.Inside inside ->
                    ToolResource.response(seal.get().refusal(Exchanges.of(routing), inside));
        };
    }

    @ServerExceptionMapper
    Response noToken(UnauthorizedException thrown, HttpServerRequest request) {
        return unauthenticated(challenge.withoutToken(), request);
    }

    @ServerExceptionMapper
    Response badToken(AuthenticationFailedException thrown, RoutingContext routing) {
        Optional<Refused> refused =
                Stream.<Throwable>iterate(thrown, cause -> cause != null, Throwable::getCause)
                        .filter(Refused.class::isInstance)
                        .map(Refused.class::cast)
                        .findFirst();
        return refused(
                refused.orElseGet(() -> new Refused(new Refused.InvalidToken(Reason.MALFORMED))),
                routing);
    }

    @ServerExceptionMapper
    Response missingScope(ForbiddenException thrown, HttpServerRequest request) {
        return ProblemBody.response(Problem.INSUFFICIENT_SCOPE)
                .header(
                        HttpHeaders.WWW_AUTHENTICATE,
                        challenge.insufficientScope(schemeOf(request), challenge.scope()))
                .build();
    }

    @ServerExceptionMapper
    Response callerGone(InterruptedException thrown, RoutingContext routing) {
        audit.gone(routing); // nobody gets this answer
        return ProblemBody.response(Problem.BAD_REQUEST).build();
    }

    @ServerExceptionMapper
    Response http(WebApplicationException thrown, UriInfo uri) {
        Response bare = thrown.getResponse();
        Problem problem = Problem.ofStatus(bare.getStatus());
        if (problem == Problem.INTERNAL) {
            return unexpected(thrown);
        }
        Response.ResponseBuilder answer = ProblemBody.response(problem, bare.getStatus());
        // RFC 9110 section 15.5.6 requires Allow, which the framework's exception does not carry
        return problem == Problem.METHOD_NOT_ALLOWED
                ? answer.header(
                                HttpHeaders.ALLOW,
                                Route.of(uri.getPath()).map(Route::methods).orElse("GET, HEAD"))
                        .build()
                : answer.build();
    }

    @ServerExceptionMapper
    Response unexpected(Throwable thrown) {
        // the class and where it was thrown; never the message, which could quote a request
        StackTraceElement[] trace = thrown.getStackTrace();
        Log.errorf(
                "Unexpected %s at %s",
                thrown.getClass().getName(), trace.length == 0 ? "an unknown place" : trace[0]);
        return ProblemBody.response(Problem.INTERNAL).build();
    }

    /**
     * 401, or 429 once the address has failed too often. Tokens are verified first, so failures
     * never block a valid token from the same address.
     */
    private Response unauthenticated(String error, HttpServerRequest request) {
        InetAddress peer =
                InetAddress.ofLiteral(request.connection().remoteAddress().hostAddress());
        Standing standing = limits.get().fail(peer, request.headers().getAll("X-Forwarded-For"));
        if (standing.admitted()) {
            return ProblemBody.response(Problem.UNAUTHORIZED)
                    .header(HttpHeaders.WWW_AUTHENTICATE, error)
                    .build();
        }
        meters.count(Count.FAILURES_LIMITED);
        return ProblemBody.response(Problem.TOO_MANY_FAILURES)
                .header(HttpHeaders.RETRY_AFTER, standing.secondsUntilNext())
                .build();
    }

    private static Scheme schemeOf(HttpServerRequest request) {
        return Scheme.triedIn(request.headers().getAll(HttpHeaders.AUTHORIZATION));
    }
}
