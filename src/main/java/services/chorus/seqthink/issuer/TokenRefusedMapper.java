package services.chorus.seqthink.issuer;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;

/** Answers a client that gets nothing, after RFC 6749 section 5.2. */
@Provider
public class TokenRefusedMapper implements ExceptionMapper<TokenRefused> {

    @Override
    public Response toResponse(TokenRefused refused) {
        return response(refused);
    }

    static Response response(TokenRefused refused) {
        ObjectNode entity = JsonNodeFactory.instance.objectNode();
        entity.put("error", refused.error().code());
        entity.put("error_description", refused.getMessage());
        Response.ResponseBuilder response =
                ClientEndpoint.unstored(refused.error().status())
                        .type(MediaType.APPLICATION_JSON_TYPE)
                        .entity(entity);
        if (refused.error() == TokenError.INVALID_CLIENT) {
            response.header(HttpHeaders.WWW_AUTHENTICATE, "Basic realm=\"token endpoint\"");
        }
        refused.retryAfter()
                .ifPresent(wait -> response.header(HttpHeaders.RETRY_AFTER, wait.toSeconds()));
        return response.build();
    }
}
