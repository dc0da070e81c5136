package services.chorus.seqthink.gateway;

import io.quarkus.logging.Log;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
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

    ProblemMappers(Challenges challenges) {
        this.challenges = challenges;
    }

    @ServerExceptionMapper
    Response problem(ProblemException thrown) {
        return answer(thrown.problem());
    }

    @ServerExceptionMapper
    Response noToken(UnauthorizedException thrown) {
        return unauthorized(challenges.withoutToken());
    }

    @ServerExceptionMapper
    Response badToken(AuthenticationFailedException thrown, HttpHeaders request) {
        Scheme tried = tried(request);
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof KeysUnavailable) {
                return answer(Problem.KEYS_UNAVAILABLE);
            }
            if (cause instanceof TokenRefused refused) {
                return unauthorized(challenges.refused(tried, refused.reason()));
            }
            if (cause instanceof ProofRefused refused) {
                return badProof(refused);
            }
        }
        return unauthorized(challenges.refused(tried, Reason.MALFORMED));
    }

    @ServerExceptionMapper
    Response badProof(ProofRefused thrown) {
        return unauthorized(challenges.refused(thrown.fault()));
    }

    @ServerExceptionMapper
    Response missingScope(ForbiddenException thrown, HttpHeaders request) {
        return ProblemBody.response(Problem.INSUFFICIENT_SCOPE)
                .header(HttpHeaders.WWW_AUTHENTICATE, challenges.insufficientScope(tried(request)))
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

    private static Scheme tried(HttpHeaders request) {
        return Scheme.triedIn(request.getRequestHeader(HttpHeaders.AUTHORIZATION));
    }

    private static Response unauthorized(String challenge) {
        return ProblemBody.response(Problem.UNAUTHORIZED)
                .header(HttpHeaders.WWW_AUTHENTICATE, challenge)
                .build();
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
