package services.chorus.seqthink.http;

import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Provider;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.net.InetAddress;
import java.util.List;
import services.chorus.seqthink.policy.limits.FailureLimits;
import services.chorus.seqthink.policy.limits.Standing;
import services.chorus.seqthink.telemetry.Count;
import services.chorus.seqthink.telemetry.Meters;

/**
 * Answers who did not say truly who calls: 401, or 429 once their address did so too often. By then
 * their token was judged as any other, so an address that fails is held against nobody behind it.
 */
@Singleton
final class FailedAuthentication {

    // an issuer alone judges no tokens
    private final Provider<FailureLimits> limits;
    private final Meters meters;

    FailedAuthentication(Provider<FailureLimits> limits, Meters meters) {
        this.limits = limits;
        this.meters = meters;
    }

    Response answer(String challenge, HttpServerRequest request) {
        InetAddress peer =
                InetAddress.ofLiteral(request.connection().remoteAddress().hostAddress());
        List<String> forwardedFor = request.headers().getAll("X-Forwarded-For");
        Standing standing = limits.get().fail(peer, forwardedFor);
        if (standing.admitted()) {
            return ProblemBody.response(Problem.UNAUTHORIZED)
                    .header(HttpHeaders.WWW_AUTHENTICATE, challenge)
                    .build();
        }
        meters.count(Count.FAILURES_LIMITED);
        return ProblemBody.response(Problem.TOO_MANY_FAILURES)
                .header(HttpHeaders.RETRY_AFTER, standing.secondsUntilNext())
                .build();
    }
}
