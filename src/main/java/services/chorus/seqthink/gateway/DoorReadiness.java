package services.chorus.seqthink.gateway;

import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Provider;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import services.chorus.seqthink.gateway.GatewayConfig.Role;
import services.chorus.seqthink.mcp.Upstream;
import services.chorus.seqthink.policy.TokenVerifier;

/** Whether the door could answer a call right now: the issuer's keys and the MCP server. */
@Readiness
@Singleton
final class DoorReadiness implements AsyncHealthCheck {

    private final boolean door;
    private final Provider<TokenVerifier> verifier;
    private final Provider<Upstream> upstream;

    DoorReadiness(
            GatewayConfig config, Provider<TokenVerifier> verifier, Provider<Upstream> upstream) {
        this.door = config.roles().contains(Role.DOOR);
        this.verifier = verifier;
        this.upstream = upstream;
    }

    @Override
    public Uni<HealthCheckResponse> call() {
        if (!door) {
            return Uni.createFrom().item(HealthCheckResponse.up("door (off)"));
        }
        boolean keys = verifier.get().ready();
        return upstream.get()
                .health()
                .map(unused -> true)
                .onFailure()
                .recoverWithItem(false)
                .map(server -> response(keys, server));
    }

    private static HealthCheckResponse response(boolean keys, boolean server) {
        return HealthCheckResponse.named("door")
                .withData("issuer-keys", keys)
                .withData("mcp-server", server)
                .status(keys && server)
                .build();
    }
}
