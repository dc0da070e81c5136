package services.chorus.seqthink.issuer;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.ResponseBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import services.chorus.seqthink.hash.Sha256;
import services.chorus.seqthink.issuer.revoked.RevocationList;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.policy.SignatureAlgorithm;
import services.chorus.seqthink.telemetry.Count;
import services.chorus.seqthink.telemetry.Meters;

/** The public documents of the token authority: keys, metadata and revoked tokens. */
@PermitAll
@Blocking
@Path("/")
public class DiscoveryResource {

    private static final Duration METADATA_MAX_AGE = Duration.ofMinutes(5);

    private final Issuer issuer;
    private final Meters meters;

    DiscoveryResource(Issuer issuer, Meters meters) {
        this.issuer = issuer;
        this.meters = meters;
    }

    /** The JWK set (RFC 7517 section 5), with a strong entity tag. */
    @GET
    @Path(IssuerRoutes.JWKS)
    @Produces({MediaType.APPLICATION_JSON, "application/jwk-set+json"})
    public Response jwks(@Context Request request) {
        meters.count(Count.ISSUER_JWKS_REQUESTS);
        return shared(tagged(issuer.keys().jwks(), request), issuer.jwksMaxAge());
    }

    /** The authorization server metadata (RFC 8414). */
    @GET
    @Path(IssuerRoutes.METADATA)
    @Produces(MediaType.APPLICATION_JSON)
    public Response metadata() {
        TokenAuthority authority = issuer.authority();
        ObjectNode metadata = StrictJson.object();
        metadata.put("issuer", authority.url());
        metadata.put("token_endpoint", authority.url() + IssuerRoutes.TOKEN);
        metadata.put("introspection_endpoint", authority.url() + IssuerRoutes.INTROSPECTION);
        metadata.put("revocation_endpoint", authority.url() + IssuerRoutes.REVOCATION);
        metadata.put("jwks_uri", authority.url() + IssuerRoutes.JWKS);
        metadata.putArray("grant_types_supported").add(TokenRequest.GRANT_TYPE);
        metadata.putArray("response_types_supported");
        List<String> algorithms = SignatureAlgorithm.names();
        for (String endpoint : List.of("token", "introspection", "revocation")) {
            String name = endpoint + "_endpoint_auth_";
            ClientAuthentication.METHODS.forEach(
                    metadata.putArray(name + "methods_supported")::add);
            algorithms.forEach(metadata.putArray(name + "signing_alg_values_supported")::add);
        }
        algorithms.forEach(metadata.putArray("dpop_signing_alg_values_supported")::add);
        authority.scopes().forEach(metadata.putArray("scopes_supported")::add);
        return shared(Response.ok(metadata), METADATA_MAX_AGE);
    }

    /** The revoked tokens, signed, with a strong entity tag; see docs/protocol.md. */
    @GET
    @Path(IssuerRoutes.REVOKED_TOKENS)
    @Produces("application/jwt")
    public Response revokedTokens(@Context Request request) {
        return shared(
                tagged(issuer.authority().revokedTokens(), request), RevocationList.SIGNED_FOR);
    }

    /** The content, or 304 for a client that has it. */
    private static ResponseBuilder tagged(String content, Request request) {
        EntityTag tag = new EntityTag(Sha256.base64url(content.getBytes(UTF_8)));
        return Optional.ofNullable(request.evaluatePreconditions(tag))
                .orElseGet(() -> Response.ok(content).tag(tag));
    }

    private static Response shared(ResponseBuilder response, Duration maxAge) {
        return response.header(HttpHeaders.CACHE_CONTROL, "public, max-age=" + maxAge.toSeconds())
                .header("Access-Control-Allow-Origin", "*")
                .build();
    }
}
