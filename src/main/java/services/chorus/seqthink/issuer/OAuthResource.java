package services.chorus.seqthink.issuer;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smallrye.common.annotation.RunOnVirtualThread;
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
import java.util.Optional;
import services.chorus.seqthink.issuer.clients.ClientVerifier.Verification.Verified;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.telemetry.Count;
import services.chorus.seqthink.telemetry.Denial;
import services.chorus.seqthink.telemetry.Meters;

/**
 * The endpoints for clients. Each takes a form from an authenticated client and wipes it in any
 * case; errors are those of RFC 6749 section 5.2.
 */
@PermitAll
@RunOnVirtualThread
@Path("/")
public class OAuthResource {

    private final ClientEndpoint endpoint;
    private final KeyBinding binding;
    private final Issuer issuer;
    private final Meters meters;

    OAuthResource(ClientEndpoint endpoint, KeyBinding binding, Issuer issuer, Meters meters) {
        this.endpoint = endpoint;
        this.binding = binding;
        this.issuer = issuer;
        this.meters = meters;
    }

    /** The token endpoint (RFC 6749 section 3.2), for the client credentials grant. */
    @POST
    @Path(IssuerRoutes.TOKEN)
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Produces(MediaType.APPLICATION_JSON)
    public Response token(@Context HttpServerRequest request) throws OAuthException {
        try (FormBody form = endpoint.form(request)) {
            Verified client = endpoint.authenticate(request, IssuerRoutes.TOKEN, form);
            TokenRequest wanted = TokenRequest.of(form);
            Optional<String> key = binding.thumbprint(request, IssuerRoutes.TOKEN, client.client());
            TokenMinter.SignedToken token = issuer.authority().grant(wanted, client, key);
            meters.count(Count.ISSUER_TOKENS_ISSUED);
            return json(answer(token));
        } catch (OAuthException e) {
            meters.count(e.code().denial());
            throw e;
        } catch (RuntimeException e) {
            meters.count(Denial.TEMPORARILY_UNAVAILABLE);
            throw e;
        }
    }

    /**
     * The introspection endpoint (RFC 7662). A client may introspect its own tokens, or all if it
     * is registered for that.
     */
    @POST
    @Path(IssuerRoutes.INTROSPECTION)
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Produces(MediaType.APPLICATION_JSON)
    public Response introspect(@Context HttpServerRequest request) throws OAuthException {
        try (FormBody form = endpoint.form(request)) {
            Verified client = endpoint.authenticate(request, IssuerRoutes.INTROSPECTION, form);
            return json(issuer.authority().introspect(form.required("token"), client.client()));
        }
    }

    /**
     * The revocation endpoint (RFC 7009). A client revokes a token of its own; the response is 200
     * also for an unknown or expired token.
     */
    @POST
    @Path(IssuerRoutes.REVOCATION)
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Response revoke(@Context HttpServerRequest request) throws OAuthException {
        try (FormBody form = endpoint.form(request)) {
            Verified client = endpoint.authenticate(request, IssuerRoutes.REVOCATION, form);
            issuer.authority().revoke(form.required("token"), client.client());
            return unstored(200).build();
        }
    }

    /** A response that must not be cached (RFC 6749 section 5.1). */
    static Response.ResponseBuilder unstored(int status) {
        return Response.status(status)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .header("Pragma", "no-cache");
    }

    private static Response json(ObjectNode entity) {
        return unstored(200).type(MediaType.APPLICATION_JSON_TYPE).entity(entity).build();
    }

    private static ObjectNode answer(TokenMinter.SignedToken token) {
        ObjectNode entity = StrictJson.object();
        entity.put("access_token", token.value());
        entity.put("token_type", token.scheme().word());
        entity.put("expires_in", token.lifetime().toSeconds());
        entity.put("scope", token.scope());
        return entity;
    }
}
