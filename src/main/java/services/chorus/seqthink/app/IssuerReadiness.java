package services.chorus.seqthink.app;

import jakarta.inject.Provider;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import services.chorus.seqthink.http.GatewayConfig;
import services.chorus.seqthink.http.GatewayConfig.Role;
import services.chorus.seqthink.issuer.clients.AssertionMemory;

/** Whether a client's assertion that is made now is not held for one from before the start. */
@Readiness
@Singleton
final class IssuerReadiness implements HealthCheck {

    private final boolean issuer;
    private final Provider<AssertionMemory> assertions;
    private final InstantSource clock;

    IssuerReadiness(
            GatewayConfig config, Provider<AssertionMemory> assertions, InstantSource clock) {
        this.issuer = Role.ISSUER.actsIn(config);
        this.assertions = assertions;
        this.clock = clock;
    }

    @Override
    public HealthCheckResponse call() {
        if (!issuer) {
            return HealthCheckResponse.up("issuer (off)");
        }
        boolean taking = assertions.get().begun(clock.instant());
        return HealthCheckResponse.named("issuer")
                .withData("requests-of-now", taking)
                .status(taking)
                .build();
    }
}
