package services.chorus.seqthink.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import services.chorus.seqthink.pipeline.PublicUrl;
import services.chorus.seqthink.policy.IssuerSettings;
import services.chorus.seqthink.policy.PolicyConfig;
import services.chorus.seqthink.policy.SignatureAlgorithm;
import services.chorus.seqthink.policy.dpop.DpopConfig;

/** Tells clients which issuer and scope this gateway requires (RFC 9728). */
@Path(ResourceMetadata.PATH)
@PermitAll
public final class ResourceMetadata {

    public static final String PATH = Route.Paths.RESOURCE_METADATA;

    private final Document document;

    ResourceMetadata(PublicUrl publicUrl, PolicyConfig policy, DpopConfig dpop) {
        this.document =
                new Document(
                        publicUrl.base(),
                        IssuerSettings.names(policy),
                        List.of(policy.requiredScope()),
                        List.of("header"),
                        SignatureAlgorithm.names(),
                        dpop.required());
    }

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public Document metadata() {
        return document;
    }

    /** The document's members as RFC 9728 section 2 names them. */
    @RegisterForReflection
    public record Document(
            String resource,
            @JsonProperty("authorization_servers") List<String> authorizationServers,
            @JsonProperty("scopes_supported") List<String> scopesSupported,
            @JsonProperty("bearer_methods_supported") List<String> bearerMethodsSupported,
            @JsonProperty("dpop_signing_alg_values_supported") List<String> dpopAlgorithms,
            @JsonProperty("dpop_bound_access_tokens_required") boolean dpopRequired) {}
}
