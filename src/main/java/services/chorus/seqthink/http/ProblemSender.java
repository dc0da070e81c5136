package services.chorus.seqthink.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import services.chorus.seqthink.pipeline.Problem;

/** Sends problems outside JAX-RS: before routing, and if no route matches. */
@Singleton
final class ProblemSender {

    private final ObjectMapper json;

    ProblemSender(ObjectMapper json) {
        this.json = json;
    }

    void register(@Observes Router router) {
        router.route().failureHandler(this::answerForTheRouter);
    }

    private void answerForTheRouter(RoutingContext routing) {
        int status = routing.statusCode();
        if (status < 400 || status >= 500 || routing.response().headWritten()) {
            routing.next();
        } else {
            send(routing, Problem.ofStatus(status), status);
        }
    }

    void send(RoutingContext routing, Problem problem) {
        send(routing, problem, problem.status());
    }

    private void send(RoutingContext routing, Problem problem, int status) {
        ProblemBody.headers(status).forEach(routing.response()::putHeader);
        routing.response()
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
