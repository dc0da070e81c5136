package services.chorus.seqthink.http;

import java.util.Arrays;
import java.util.Optional;
import services.chorus.seqthink.http.GatewayConfig.Role;
import services.chorus.seqthink.issuer.IssuerRoutes;
import services.chorus.seqthink.protocol.RecipientsDocument;

/**
 * The table of routes: each path, the role that serves it, and its methods. A path that is not in
 * the table is not answered, whatever the framework has registered.
 */
enum Route {
    TOOL(Paths.TOOL, Role.DOOR, "POST"),
    STREAM(Paths.STREAM, Role.DOOR, "GET, HEAD, POST"),
    RECIPIENTS(RecipientsDocument.PATH, Role.DOOR, "GET, HEAD"),
    RESOURCE_METADATA(Paths.RESOURCE_METADATA, Role.DOOR, "GET, HEAD"),
    JWKS(IssuerRoutes.JWKS, Role.ISSUER, "GET, HEAD"),
    ISSUER_METADATA(IssuerRoutes.METADATA, Role.ISSUER, "GET, HEAD"),
    REVOKED_TOKENS(IssuerRoutes.REVOKED_TOKENS, Role.ISSUER, "GET, HEAD"),
    TOKEN(IssuerRoutes.TOKEN, Role.ISSUER, "POST"),
    INTROSPECTION(IssuerRoutes.INTROSPECTION, Role.ISSUER, "POST"),
    REVOCATION(IssuerRoutes.REVOCATION, Role.ISSUER, "POST"),
    HEALTH(Paths.HEALTH),
    READY(Paths.READY),
    METRICS("/metrics"),
    HEALTH_REPORT("/q/health"),
    LIVENESS_REPORT("/q/health/live"),
    READINESS_REPORT("/q/health/ready"),
    STARTUP_REPORT("/q/health/started");

    static final class Paths {

        static final String TOOL = "/mcp/tool";
        static final String STREAM = "/mcp/sse";
        static final String RESOURCE_METADATA = "/.well-known/oauth-protected-resource";
        static final String HEALTH = "/health";
        static final String READY = "/ready";

        private Paths() {}
    }

    private final String path;
    private final Optional<Role> role;
    private final String methods;

    Route(String path, Role role, String methods) {
        this.path = path;
        this.role = Optional.of(role);
        this.methods = methods;
    }

    /**
     * A probe: served by every role, and under any host, since kubelets and scrapers use addresses.
     */
    Route(String path) {
        this.path = path;
        this.role = Optional.empty();
        this.methods = "GET, HEAD";
    }

    /** The route with exactly that path. */
    static Optional<Route> of(String path) {
        return Arrays.stream(values()).filter(route -> route.path.equals(path)).findFirst();
    }

    /**
     * Whether a path is under {@code /mcp}, known or not: such requests are audited and counted.
     */
    static boolean isMcp(String path) {
        return path.equals("/mcp") || path.startsWith("/mcp/");
    }

    String path() {
        return path;
    }

    String methods() {
        return methods;
    }

    boolean isProbe() {
        return role.isEmpty();
    }

    boolean isOn(GatewayConfig config) {
        return isProbe() || role.get().actsIn(config);
    }
}
