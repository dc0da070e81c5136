package services.chorus.seqthink.http;

import io.smallrye.health.SmallRyeHealthReporter;
import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Provider;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Startup;

/**
 * Whether this process was ready at least once. An orchestrator that checks only health then keeps
 * the old replicas until new ones become ready, and later restarts no replica because of an
 * unavailable dependency.
 */
@Startup
@Singleton
final class FirstReadiness implements AsyncHealthCheck {

    private final Provider<SmallRyeHealthReporter> health;
    private volatile boolean reached;

    FirstReadiness(Provider<SmallRyeHealthReporter> health) {
        this.health = health;
    }

    @Override
    public Uni<HealthCheckResponse> call() {
        if (reached) {
            return Uni.createFrom().item(response());
        }
        return health.get()
                .getReadinessAsync()
                .map(
                        now -> {
                            reached |= !now.isDown();
                            return response();
                        });
    }

    private HealthCheckResponse response() {
        return HealthCheckResponse.named("ready once").status(reached).build();
    }
}
