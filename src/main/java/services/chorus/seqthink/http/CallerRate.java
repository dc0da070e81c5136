package services.chorus.seqthink.http;

import io.vertx.core.http.HttpServerResponse;
import jakarta.inject.Provider;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.HttpHeaders;
import services.chorus.seqthink.pipeline.Problem;
import services.chorus.seqthink.pipeline.Refused;
import services.chorus.seqthink.policy.Caller;
import services.chorus.seqthink.policy.limits.CallerLimits;
import services.chorus.seqthink.policy.limits.Standing;
import services.chorus.seqthink.telemetry.Count;
import services.chorus.seqthink.telemetry.Meters;

/**
 * Counts the requests of a caller and reports the allowance in every answer: in the headers of
 * draft-ietf-httpapi-ratelimit-headers and in the older X-RateLimit ones.
 */
@Singleton
final class CallerRate {

    private static final String POLICY = "\"caller\"";

    // absent in a process that runs only the issuer
    private final Provider<CallerLimits> limits;
    private final Meters meters;

    CallerRate(Provider<CallerLimits> limits, Meters meters) {
        this.limits = limits;
        this.meters = meters;
    }

    void count(Caller caller, HttpServerResponse response) throws Refused {
        Standing standing = limits.get().take(caller);
        addHeaders(standing, response);
        if (!standing.admitted()) {
            meters.count(Count.RATE_LIMITED);
            throw Refused.outside(Problem.RATE_LIMITED);
        }
    }

    private static void addHeaders(Standing standing, HttpServerResponse response) {
        long reset = standing.secondsUntilFull();
        response.putHeader("RateLimit-Policy", POLICY + ";q=" + standing.limit() + ";w=60")
                .putHeader("RateLimit", POLICY + ";r=" + standing.remaining() + ";t=" + reset)
                .putHeader("X-RateLimit-Limit", String.valueOf(standing.limit()))
                .putHeader("X-RateLimit-Remaining", String.valueOf(standing.remaining()))
                .putHeader("X-RateLimit-Reset", String.valueOf(reset));
        if (!standing.admitted()) {
            response.putHeader(
                    HttpHeaders.RETRY_AFTER, String.valueOf(standing.secondsUntilNext()));
        }
    }
}
