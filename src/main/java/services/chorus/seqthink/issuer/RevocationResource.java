package services.chorus.seqthink.issuer;

import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import services.chorus.seqthink.issuer.clients.Credentials;

/** The revocation endpoint (RFC 7009): a client takes back a token of its own. */
@PermitAll
@Path(RevocationResource.PATH)
public class RevocationResource {

    static final String PATH = "/oauth/revoke";

    private final Issuer issuer;

    RevocationResource(Issuer issuer) {
        this.issuer = issuer;
    }

    /** 200 also for what is no token (any more), or an error after RFC 6749 section 5.2. */
    @POST
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Uni<Response> revoke(@Context HttpHeaders headers, @Context HttpServerRequest request) {
        return FormEndpoint.serve(request, headers, this::answer);
    }

    private Response answer(FormBody form, List<String> authorization) throws TokenRefused {
        String token =
                form.text("token")
                        .orElseThrow(
                                () ->
                                        new TokenRefused(
                                                TokenError.INVALID_REQUEST, "token is missing"));
        try (Credentials credentials =
                ClientAuthentication.read(authorization, form, issuer.url() + PATH)) {
            issuer.authority().revoke(token, credentials);
            return FormEndpoint.unstored(200).build();
        }
    }
}
