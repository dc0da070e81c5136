package services.chorus.seqthink.issuer;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import services.chorus.seqthink.issuer.clients.Verification.Verified;
import services.chorus.seqthink.telemetry.Count;
import services.chorus.seqthink.telemetry.Denial;
import services.chorus.seqthink.telemetry.Meters;

/** The token endpoint (RFC 6749 section 3.2), for the client credentials grant. */
@PermitAll
@Path(TokenResource.PATH)
public class TokenResource {

    static final String PATH = "/oauth/token";

    private final ClientEndpoint endpoint;
    private final KeyBinding binding;
    private final Issuer issuer;
    private final Meters meters;

    TokenResource(ClientEndpoint endpoint, KeyBinding binding, Issuer issuer, Meters meters) {
        this.endpoint = endpoint;
        this.binding = binding;
        this.issuer = issuer;
        this.meters = meters;
    }

    /** A token, or an error after RFC 6749 section 5.2; the body is wiped either way. */
    @POST
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Produces(MediaType.APPLICATION_JSON)
    public Uni<Response> token(@Context HttpServerRequest request) {
        return endpoint.serve(
                        request, PATH, (form, client) -> issued(granted(form, client, request)))
                .invoke(() -> meters.count(Count.ISSUER_TOKENS_ISSUED))
                .onFailure()
                .invoke(failure -> meters.count(denial(failure)));
    }

    private static Denial denial(Throwable failure) {
        return failure instanceof TokenRefused refused
                ? refused.error().denial()
                : Denial.TEMPORARILY_UNAVAILABLE;
    }

    private AccessToken granted(FormBody form, Verified client, HttpServerRequest request)
            throws TokenRefused {
        TokenRequest wanted = TokenRequest.of(form);
        Optional<String> key = binding.thumbprint(request, PATH, client.client());
        return issuer.authority().grant(wanted, client, key);
    }

    private static Response issued(AccessToken token) {
        ObjectNode entity = JsonNodeFactory.instance.objectNode();
        entity.put("access_token", token.value());
        entity.put("token_type", token.scheme().word());
        entity.put("expires_in", token.lifetime().toSeconds());
        entity.put("scope", token.scope());
        return ClientEndpoint.unstored(200)
                .type(MediaType.APPLICATION_JSON_TYPE)
                .entity(entity)
                .build();
    }
}
