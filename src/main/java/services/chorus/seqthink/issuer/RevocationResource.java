package services.chorus.seqthink.issuer;

import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** The revocation endpoint (RFC 7009): a client takes back a token of its own. */
@PermitAll
@Path(RevocationResource.PATH)
public class RevocationResource {

    static final String PATH = "/oauth/revoke";

    private final ClientEndpoint endpoint;
    private final Issuer issuer;

    RevocationResource(ClientEndpoint endpoint, Issuer issuer) {
        this.endpoint = endpoint;
        this.issuer = issuer;
    }

    /** 200 also for what is no token (any more), or an error after RFC 6749 section 5.2. */
    @POST
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Uni<Response> revoke(@Context HttpServerRequest request) {
        return endpoint.serve(
                request,
                PATH,
                (form, client) -> {
                    issuer.authority().revoke(form.required("token"), client.client());
                    return ClientEndpoint.unstored(200).build();
                });
    }
}
