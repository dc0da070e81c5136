package services.chorus.seqthink.app;

import jakarta.inject.Provider;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import services.chorus.seqthink.http.GatewayConfig;
import services.chorus.seqthink.http.GatewayConfig.Role;
import services.chorus.seqthink.issuer.Issuer;
import services.chorus.seqthink.issuer.IssuerConfig;
import services.chorus.seqthink.issuer.clients.AssertionVerifier.AssertionMemory;
import services.chorus.seqthink.policy.limits.ClientLimits;
import services.chorus.seqthink.policy.limits.LimitsConfig;
import services.chorus.seqthink.sealing.SealingConfig;
import services.chorus.seqthink.state.SharedState;
import services.chorus.seqthink.state.StateConfig;
import services.chorus.seqthink.telemetry.Meters;
import services.chorus.seqthink.telemetry.Reading;

/** Creates what the issuer needs from other packages, and the meters of its keys. */
@Singleton
final class IssuerAssembly {

    @Singleton
    AssertionMemory assertions(StateConfig shared, SealingConfig sealing, SharedState state) {
        return SealingAssembly.memoryBegin(shared, sealing)
                .map(begin -> AssertionMemory.from(begin, state))
                .orElseGet(() -> AssertionMemory.lasting(state));
    }

    @Singleton
    ClientLimits clients(IssuerConfig issuer, LimitsConfig config) {
        return new ClientLimits(
                issuer.rateLimitPerMinute(),
                config.failuresPerMinute(),
                config.trustedProxies().orElse(List.of()));
    }

    static void watch(Issuer issuer, Meters meters) {
        meters.watch(Reading.ISSUER_KEY_AGE, () -> seconds(issuer.keys().age()));
        meters.watch(Reading.ISSUER_NEXT_ROTATION, () -> seconds(issuer.keys().untilRotation()));
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }

    /** Ready once an assertion made now cannot be mistaken for one from before the start. */
    @Readiness
    @Singleton
    static final class IssuerReadiness implements HealthCheck {

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
            boolean taking = assertions.get().reaches(clock.instant());
            return HealthCheckResponse.named("issuer")
                    .withData("requests-of-now", taking)
                    .status(taking)
                    .build();
        }
    }
}
