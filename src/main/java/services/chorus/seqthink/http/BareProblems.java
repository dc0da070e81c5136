package services.chorus.seqthink.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/** Answers with problems where JAX-RS does not: before it, and where no route was found at all. */
@Singleton
final class BareProblems {

    private final ObjectMapper json;

    BareProblems(ObjectMapper json) {
        this.json = json;
    }

    void register(@Observes Router router) {
        router.route().failureHandler(this::answerForTheRouter);
    }

    private void answerForTheRouter(RoutingContext context) {
        int status = context.statusCode();
        if (status < 400 || status >= 500 || context.response().headWritten()) {
            context.next();
        } else {
            send(context, Problem.ofStatus(status), status);
        }
    }

    void send(RoutingContext context, Problem problem) {
        if (problem.status() == 503) {
            context.response()
                    .putHeader(
                            HttpHeaders.RETRY_AFTER,
                            String.valueOf(ProblemMappers.TRY_AGAIN_SECONDS));
        }
        send(context, problem, problem.status());
    }

    private void send(RoutingContext context, Problem problem, int status) {
        context.response()
                .setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, ProblemBody.TYPE.toString())
                .end(body(ProblemBody.of(problem, status)));
    }

    private Buffer body(ProblemBody problem) {
        try {
            return Buffer.buffer(json.writeValueAsBytes(problem));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A problem cannot be written", e);
        }
    }
}
