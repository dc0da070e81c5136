package services.chorus.seqthink.app;

import jakarta.enterprise.inject.Produces;
import jakarta.inject.Provider;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.List;
import services.chorus.seqthink.issuer.IssuerConfig;
import services.chorus.seqthink.policy.limits.CallerLimits;
import services.chorus.seqthink.policy.limits.ClientLimits;
import services.chorus.seqthink.policy.limits.FailureLimits;
import services.chorus.seqthink.policy.limits.LimitsConfig;
import services.chorus.seqthink.state.SharedState;
import services.chorus.seqthink.state.StateConfig;
import services.chorus.seqthink.telemetry.Count;
import services.chorus.seqthink.telemetry.Meters;

/**
 * The limits of callers, shared where anything is, and those of failures and of the issuer's
 * clients, which never are.
 */
@Singleton
final class LimitsAssembly {

    @Produces
    @Singleton
    CallerLimits callers(
            LimitsConfig config,
            StateConfig shared,
            Provider<SharedState> state,
            InstantSource clock,
            Meters meters) {
        return shared.url().isEmpty()
                ? CallerLimits.ofOneReplica(config.perMinute())
                : CallerLimits.ofAllReplicas(
                        config.perMinute(),
                        state.get(),
                        clock,
                        () -> meters.count(Count.UNSHARED_RATES));
    }

    @Produces
    @Singleton
    ClientLimits clients(IssuerConfig issuer, LimitsConfig config) {
        return new ClientLimits(
                issuer.rateLimitPerMinute(),
                config.failuresPerMinute(),
                config.trustedProxies().orElse(List.of()));
    }

    @Produces
    @Singleton
    FailureLimits failures(LimitsConfig config) {
        return new FailureLimits(
                config.failuresPerMinute(), config.trustedProxies().orElse(List.of()));
    }
}
