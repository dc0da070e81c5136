package services.chorus.seqthink.issuer;

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

/**
 * The introspection endpoint (RFC 7662): a client asks about a token of its own, or about any if it
 * is registered for that.
 */
@PermitAll
@Path(IntrospectionResource.PATH)
public class IntrospectionResource {

    static final String PATH = "/oauth/introspect";

    private final ClientEndpoint endpoint;
    private final Issuer issuer;

    IntrospectionResource(ClientEndpoint endpoint, Issuer issuer) {
        this.endpoint = endpoint;
        this.issuer = issuer;
    }

    /** What the token is worth, or an error after RFC 6749 section 5.2. */
    @POST
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Produces(MediaType.APPLICATION_JSON)
    public Uni<Response> introspect(@Context HttpServerRequest request) {
        return endpoint.serve(
                request,
                PATH,
                (form, client) ->
                        ClientEndpoint.unstored(200)
                                .type(MediaType.APPLICATION_JSON_TYPE)
                                .entity(
                                        issuer.authority()
                                                .introspect(
                                                        form.required("token"), client.client()))
                                .build());
    }
}
