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
 * A problem as RFC 9457 writes it. The type is {@code about:blank} and so left out; {@code code} is
 * what programs read.
 */
@RegisterForReflection
@JsonPropertyOrder({"title", "status", "code", "detail"})
record ProblemBody(String title, int status, String code, String detail) {

    static final MediaType TYPE = new MediaType("application", "problem+json");

    static ProblemBody of(Problem problem, int status) {
        Response.Status known = Response.Status.fromStatusCode(status);
        String title = known == null ? "Error" : known.getReasonPhrase();
        return new ProblemBody(title, status, problem.code(), problem.detail());
    }

    /** The headers of an answer that carries the problem, beside its type. */
    static Map<String, String> headers(Problem problem) {
        return switch (problem.status()) {
            case 503 ->
                    Map.of(
                            HttpHeaders.CACHE_CONTROL,
                            "no-store",
                            HttpHeaders.RETRY_AFTER,
                            String.valueOf(Answers.TRY_AGAIN_SECONDS));
            // the rest of a slow body is not waited for
            case 408 -> Map.of(HttpHeaders.CACHE_CONTROL, "no-store", "Connection", "close");
            default -> Map.of(HttpHeaders.CACHE_CONTROL, "no-store");
        };
    }

    /** An answer that carries the problem and is never stored. */
    static ResponseBuilder response(Problem problem) {
        return response(problem, problem.status());
    }

    /** The same under another status of the same kind, such as 414 for a bad request. */
    static ResponseBuilder response(Problem problem, int status) {
        ResponseBuilder answer = Response.status(status).type(TYPE).entity(of(problem, status));
        headers(problem).forEach(answer::header);
        return answer;
    }
}
