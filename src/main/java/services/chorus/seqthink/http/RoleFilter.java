package services.chorus.seqthink.http;

import jakarta.inject.Provider;
import jakarta.inject.Singleton;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Optional;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import services.chorus.seqthink.http.GatewayConfig.Role;
import services.chorus.seqthink.protocol.RecipientsDocument;

/** A role that is off has no routes; known before a token is looked at. */
@Singleton
final class RoleFilter {

    private static final List<String> DOOR =
            List.of("/mcp", ResourceMetadata.ROUTE, RecipientsDocument.PATH);
    private static final List<String> ISSUER =
            List.of(
                    "/oauth",
                    "/.well-known/jwks.json",
                    "/.well-known/oauth-authorization-server",
                    "/.well-known/revoked-tokens");

    // filters are made at build time, before there is any configuration
    private final Provider<GatewayConfig> config;

    RoleFilter(Provider<GatewayConfig> config) {
        this.config = config;
    }

    @ServerRequestFilter(preMatching = true)
    Optional<Response> refuse(ContainerRequestContext request) {
        String path = request.getUriInfo().getPath();
        boolean off =
                isOff(Role.DOOR) && under(DOOR, path) || isOff(Role.ISSUER) && under(ISSUER, path);
        return off
                ? Optional.of(ProblemBody.response(Problem.NOT_FOUND).build())
                : Optional.empty();
    }

    private boolean isOff(Role role) {
        return !role.actsIn(config.get());
    }

    private static boolean under(List<String> routes, String path) {
        return routes.stream().anyMatch(r -> path.equals(r) || path.startsWith(r + "/"));
    }
}
