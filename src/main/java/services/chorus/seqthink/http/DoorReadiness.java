package services.chorus.seqthink.http;

import jakarta.inject.Provider;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import services.chorus.seqthink.audit.AuditLog;
import services.chorus.seqthink.http.GatewayConfig.Role;
import services.chorus.seqthink.mcp.Upstream;
import services.chorus.seqthink.mcp.UpstreamException;
import services.chorus.seqthink.policy.TokenVerifier;
import services.chorus.seqthink.sealing.Freshness;
import services.chorus.seqthink.sealing.ReplayGuard;

/**
 * Whether the gateway can answer a call now: the issuer's keys, the MCP server and the shared state
 * are available, requests issued now are not rejected as older than the start, and a mandatory
 * audit log accepts events.
 */
@Readiness
@Singleton
final class DoorReadiness implements HealthCheck {

    private final boolean door;
    private final Provider<TokenVerifier> verifier;
    private final Provider<Upstream> upstream;
    private final Provider<Freshness> freshness;
    private final Provider<ReplayGuard> guard;
    private final Provider<AuditLog> audit;

    DoorReadiness(
            GatewayConfig config,
            Provider<TokenVerifier> verifier,
            Provider<Upstream> upstream,
            Provider<Freshness> freshness,
            Provider<ReplayGuard> guard,
            Provider<AuditLog> audit) {
        this.door = Role.DOOR.actsIn(config);
        this.verifier = verifier;
        this.upstream = upstream;
        this.freshness = freshness;
        this.guard = guard;
        this.audit = audit;
    }

    @Override
    public HealthCheckResponse call() {
        if (!door) {
            return HealthCheckResponse.up("door (off)");
        }
        boolean keys = verifier.get().ready();
        boolean fresh = freshness.get().begun();
        boolean audited = audit.get().accepting();
        boolean shared = guard.get().ready();
        boolean server = isServing(upstream.get());
        return HealthCheckResponse.named("door")
                .withData("issuer-keys", keys)
                .withData("mcp-server", server)
                .withData("requests-of-now", fresh)
                .withData("shared-state", shared)
                .withData("audit-log", audited)
                .status(keys && server && shared && fresh && (audited || !audit.get().required()))
                .build();
    }

    private static boolean isServing(Upstream upstream) {
        try {
            upstream.check();
            return true;
        } catch (UpstreamException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
