package services.chorus.seqthink.app;

import java.time.Duration;
import services.chorus.seqthink.issuer.Issuer;
import services.chorus.seqthink.telemetry.Level;
import services.chorus.seqthink.telemetry.Meters;

/** Shows the issuer's keys in the meters. */
final class IssuerMeters {

    private IssuerMeters() {}

    static void watch(Issuer issuer, Meters meters) {
        meters.watch(Level.ISSUER_KEY_AGE, () -> seconds(issuer.keyAge()));
        meters.watch(Level.ISSUER_NEXT_ROTATION, () -> seconds(issuer.untilRotation()));
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
