package services.chorus.seqthink.http;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.ResponseBuilder;
import java.util.Map;
import services.chorus.seqthink.pipeline.Problem;

/**
 * A problem document (RFC 9457). The type {@code about:blank} is omitted; programs read {@code
 * code}.
 */
@RegisterForReflection
@JsonPropertyOrder({"title", "status", "code", "detail"})
record ProblemBody(String title, int status, String code, String detail) {

    static final MediaType TYPE = new MediaType("application", "problem+json");

    private static final String RETRY_AFTER_SECONDS = "5";

    static ProblemBody of(Problem problem, int status) {
        Response.Status known = Response.Status.fromStatusCode(status);
        String title = known == null ? "Error" : known.getReasonPhrase();
        return new ProblemBody(title, status, problem.code(), problem.detail());
    }

    /** The headers of a problem with that status, except Content-Type. */
    static Map<String, String> headers(int status) {
        return switch (status) {
            case 503 -> Map.of(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
            // the rest of a slow body is not read
            case 408 -> Map.of("Connection", "close");
            default -> Map.of();
        };
    }

    static ResponseBuilder response(Problem problem) {
        return response(problem, problem.status());
    }

    /** The problem with another status of its class, such as 414 for a bad request. */
    static ResponseBuilder response(Problem problem, int status) {
        ResponseBuilder answer = Response.status(status).type(TYPE).entity(of(problem, status));
        headers(status).forEach(answer::header);
        if (problem == Problem.CALLER_BUSY) {
            answer.header(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS); // others know the time
        }
        return answer;
    }
}
