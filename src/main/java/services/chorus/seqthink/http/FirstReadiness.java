package services.chorus.seqthink.http;

import io.smallrye.health.SmallRyeHealthReporter;
import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Provider;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Startup;

/**
 * Whether {@code /ready} would have said so at least once. An engine that replaces replicas by
 * their health alone thus keeps those of before where the new ones would live and never serve, and
 * takes none away later for what it depends on.
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
