package services.chorus.seqthink.http;

import io.quarkus.security.PermissionChecker;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.inject.Singleton;
import services.chorus.seqthink.policy.PolicyConfig;

/** The scope that every {@code /mcp} route requires. */
@Singleton
final class RouteScope {

    static final String PERMISSION = "mcp-route";

    private final String required;

    RouteScope(PolicyConfig config) {
        this.required = config.requiredScope();
    }

    @PermissionChecker(PERMISSION)
    boolean mayCall(SecurityIdentity identity) {
        return CallerPrincipal.of(identity).caller().scopes().contains(required);
    }
}
