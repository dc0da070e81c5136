package services.chorus.seqthink.http;

import io.smallrye.health.SmallRyeHealthReporter;
import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Provider;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Startup;

/**
 * Whether this process was ready at least once. An orchestrator that considers health only keeps
 * the old replicas while new ones never become ready, and does not restart replicas later because
 * of an unavailable dependency.
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
