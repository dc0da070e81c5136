package services.chorus.seqthink.app;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.function.ToLongFunction;
import services.chorus.seqthink.policy.KeySet;
import services.chorus.seqthink.policy.TokenVerifier;
import services.chorus.seqthink.policy.TrustedIssuer;
import services.chorus.seqthink.telemetry.Level;
import services.chorus.seqthink.telemetry.Meters;
import services.chorus.seqthink.telemetry.Tally;

/**
 * Shows in the meters how tokens are verified, all issuers together; neither room knows the other.
 */
final class TokenMeters {

    private TokenMeters() {}

    static void watch(
            TokenVerifier verifier,
            Collection<TrustedIssuer> issuers,
            InstantSource clock,
            Meters meters) {
        List<KeySet> keySets = issuers.stream().map(TrustedIssuer::keys).toList();
        Instant started = clock.instant();
        meters.watch(Level.JWKS_AGE, () -> oldest(keySets, started, clock));
        meters.watch(Tally.JWKS_FETCHES, () -> sum(keySets, KeySet::fetches));
        meters.watch(Tally.JWKS_FAILURES, () -> sum(keySets, KeySet::failures));
        meters.watch(Tally.SIGNATURE_CHECKS, verifier::signatureChecks);
    }

    /** In seconds. Keys that were never had are as old as the wait for them. */
    private static double oldest(List<KeySet> keySets, Instant started, InstantSource clock) {
        Duration waited = Duration.between(started, clock.instant());
        return keySets.stream()
                .map(keys -> keys.age().orElse(waited))
                .mapToDouble(age -> age.toMillis() / 1000.0)
                .max()
                .orElse(0);
    }

    private static long sum(List<KeySet> keySets, ToLongFunction<KeySet> count) {
        return keySets.stream().mapToLong(count).sum();
    }
}
