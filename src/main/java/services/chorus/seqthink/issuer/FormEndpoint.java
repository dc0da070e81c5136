package services.chorus.seqthink.issuer;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.List;
import services.chorus.seqthink.http.BodyRefusedException;
import services.chorus.seqthink.http.RequestBody;

/** An endpoint that takes a form from a client and answers after RFC 6749 section 5.2. */
final class FormEndpoint {

    private static final Duration BODY_DEADLINE = Duration.ofSeconds(10);

    private FormEndpoint() {}

    /** What is done with a form, which is wiped afterwards. */
    @FunctionalInterface
    interface Work {

        /**
         * @param authorization the {@code Authorization} headers
         */
        Response answer(FormBody form, List<String> authorization) throws TokenRefused;
    }

    static Uni<Response> serve(HttpServerRequest request, HttpHeaders headers, Work work) {
        return RequestBody.of(request, FormBody.MOST_BYTES, BODY_DEADLINE, room -> true)
                // hashing a secret is work for a worker, not for the event loop
                .emitOn(Infrastructure.getDefaultWorkerPool())
                .map(body -> answer(headers, body, work))
                .onFailure(BodyRefusedException.class)
                .recoverWithItem(
                        () ->
                                refusal(
                                        TokenError.INVALID_REQUEST,
                                        "The body is too long, or did not arrive in time"));
    }

    static Response refusal(TokenError error, String description) {
        ObjectNode entity = JsonNodeFactory.instance.objectNode();
        entity.put("error", error.code());
        entity.put("error_description", description);
        Response.ResponseBuilder response =
                unstored(error.status()).type(MediaType.APPLICATION_JSON_TYPE).entity(entity);
        switch (error) {
            case INVALID_CLIENT ->
                    response.header(HttpHeaders.WWW_AUTHENTICATE, "Basic realm=\"token endpoint\"");
            case TEMPORARILY_UNAVAILABLE -> response.header(HttpHeaders.RETRY_AFTER, "1");
            case INVALID_REQUEST,
                    INVALID_SCOPE,
                    INVALID_TARGET,
                    UNAUTHORIZED_CLIENT,
                    UNSUPPORTED_GRANT_TYPE -> {}
        }
        return response.build();
    }

    static Response.ResponseBuilder unstored(int status) {
        return Response.status(status)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .header("Pragma", "no-cache");
    }

    private static Response answer(HttpHeaders headers, byte[] body, Work work) {
        try (FormBody form = FormBody.parse(body)) {
            return work.answer(form, headers.getRequestHeader(HttpHeaders.AUTHORIZATION));
        } catch (TokenRefused refused) {
            return refusal(refused.error(), refused.getMessage());
        }
    }
}
