package services.chorus.seqthink.http;

import io.quarkus.logging.Log;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import services.chorus.seqthink.policy.Reason;
import services.chorus.seqthink.policy.Scheme;

/** Turns whatever ended a request into a problem body; no exception's own text is ever sent. */
@Singleton
final class ProblemMappers {

    static final int TRY_AGAIN_SECONDS = 5;

    private final Challenges challenges;
    private final FailedAuthentication failed;

    ProblemMappers(Challenges challenges, FailedAuthentication failed) {
        this.challenges = challenges;
        this.failed = failed;
    }

    @ServerExceptionMapper
    Response problem(ProblemException thrown) {
        return answer(thrown.problem());
    }

    @ServerExceptionMapper
    Response noToken(UnauthorizedException thrown, HttpServerRequest request) {
        return failed.answer(challenges.withoutToken(), request);
    }

    @ServerExceptionMapper
    Response badToken(
            AuthenticationFailedException thrown, HttpHeaders headers, HttpServerRequest request) {
        Scheme tried = tried(headers);
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof KeysUnavailable) {
                return answer(Problem.KEYS_UNAVAILABLE);
            }
            if (cause instanceof TokenRefused refused) {
                return failed.answer(challenges.refused(tried, refused.reason()), request);
            }
            if (cause instanceof ProofRefused refused) {
                return badProof(refused, request);
            }
        }
        return failed.answer(challenges.refused(tried, Reason.MALFORMED), request);
    }

    @ServerExceptionMapper
    Response badProof(ProofRefused thrown, HttpServerRequest request) {
        return failed.answer(challenges.refused(thrown.fault()), request);
    }

    @ServerExceptionMapper
    Response missingScope(ForbiddenException thrown, HttpHeaders headers) {
        return ProblemBody.response(Problem.INSUFFICIENT_SCOPE)
                .header(HttpHeaders.WWW_AUTHENTICATE, challenges.insufficientScope(tried(headers)))
                .build();
    }

    @ServerExceptionMapper
    Response http(WebApplicationException thrown, UriInfo uri) {
        Response bare = thrown.getResponse();
        Problem problem = Problem.ofStatus(bare.getStatus());
        if (problem == Problem.INTERNAL) {
            return unforeseen(thrown);
        }
        Response.ResponseBuilder answer = ProblemBody.response(problem, bare.getStatus());
        // RFC 9110 section 15.5.6 asks for Allow, which the framework's exception does not carry
        return problem == Problem.METHOD_NOT_ALLOWED
                ? answer.header(HttpHeaders.ALLOW, methodsOf(uri.getPath())).build()
                : answer.build();
    }

    @ServerExceptionMapper
    Response unforeseen(Throwable thrown) {
        // the class and where it was thrown; never the message, which could quote a request
        StackTraceElement[] trace = thrown.getStackTrace();
        Log.errorf(
                "Unforeseen %s at %s",
                thrown.getClass().getName(), trace.length == 0 ? "an unknown place" : trace[0]);
        return answer(Problem.INTERNAL);
    }

    /** Calls are posted; all else is there to be read. */
    private static String methodsOf(String path) {
        if (path.equals(StreamResource.ROUTE)) {
            return "GET, HEAD, POST";
        }
        return path.startsWith("/mcp") || path.startsWith("/oauth") ? "POST" : "GET, HEAD";
    }

    private static Scheme tried(HttpHeaders headers) {
        return Scheme.triedIn(headers.getRequestHeader(HttpHeaders.AUTHORIZATION));
    }

    private static Response answer(Problem problem) {
        Response.ResponseBuilder answer = ProblemBody.response(problem);
        return switch (problem.status()) {
            case 503 -> answer.header(HttpHeaders.RETRY_AFTER, TRY_AGAIN_SECONDS).build();
            // the rest of a slow body is not waited for
            case 408 -> answer.header("Connection", "close").build();
            default -> answer.build();
        };
    }
}
