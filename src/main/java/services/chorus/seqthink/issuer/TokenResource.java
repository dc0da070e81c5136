package services.chorus.seqthink.issuer;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.core.http.HttpServerRequest;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import services.chorus.seqthink.http.BodyRefusedException;
import services.chorus.seqthink.http.RequestBody;

/** The token endpoint (RFC 6749 section 3.2), for the client credentials grant. */
@PermitAll
@Path(TokenResource.PATH)
public class TokenResource {

    static final String PATH = "/oauth/token";

    private static final Duration BODY_DEADLINE = Duration.ofSeconds(10);

    private final Issuer issuer;

    TokenResource(Issuer issuer) {
        this.issuer = issuer;
    }

    /** A token, or an error after RFC 6749 section 5.2; the body is wiped either way. */
    @POST
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Produces(MediaType.APPLICATION_JSON)
    public Uni<Response> token(@Context HttpHeaders headers, @Context HttpServerRequest request) {
        return RequestBody.of(request, FormBody.MOST_BYTES, BODY_DEADLINE, room -> true)
                // hashing a secret is work for a worker, not for the event loop
                .emitOn(Infrastructure.getDefaultWorkerPool())
                .map(body -> answer(headers, body))
                .onFailure(BodyRefusedException.class)
                .recoverWithItem(
                        () ->
                                refusal(
                                        TokenError.INVALID_REQUEST,
                                        "The body is too long, or did not arrive in time"));
    }

    private Response answer(HttpHeaders headers, byte[] body) {
        try (FormBody form = FormBody.parse(body)) {
            TokenRequest request = TokenRequest.of(form);
            try (Credentials credentials =
                    Credentials.of(headers.getRequestHeader(HttpHeaders.AUTHORIZATION), form)) {
                return issued(issuer.authority().grant(request, credentials));
            }
        } catch (TokenRefused refused) {
            return refusal(refused.error(), refused.getMessage());
        }
    }

    static Response refusal(TokenError error, String description) {
        ObjectNode entity = JsonNodeFactory.instance.objectNode();
        entity.put("error", error.code());
        entity.put("error_description", description);
        Response.ResponseBuilder response = unstored(error.status(), entity);
        switch (error) {
            case INVALID_CLIENT ->
                    response.header(HttpHeaders.WWW_AUTHENTICATE, "Basic realm=\"token endpoint\"");
            case TEMPORARILY_UNAVAILABLE -> response.header(HttpHeaders.RETRY_AFTER, "1");
            case INVALID_REQUEST, INVALID_SCOPE, INVALID_TARGET, UNSUPPORTED_GRANT_TYPE -> {}
        }
        return response.build();
    }

    private static Response issued(AccessToken token) {
        ObjectNode entity = JsonNodeFactory.instance.objectNode();
        entity.put("access_token", token.value());
        entity.put("token_type", "Bearer");
        entity.put("expires_in", token.lifetime().toSeconds());
        entity.put("scope", token.scope());
        return unstored(200, entity).build();
    }

    private static Response.ResponseBuilder unstored(int status, ObjectNode entity) {
        return Response.status(status)
                .type(MediaType.APPLICATION_JSON_TYPE)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .header("Pragma", "no-cache")
                .entity(entity);
    }
}
