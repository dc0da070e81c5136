package services.chorus.seqthink.http;

import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Provider;
import jakarta.inject.Singleton;
import java.time.Duration;
import services.chorus.seqthink.telemetry.Count;
import services.chorus.seqthink.telemetry.Meters;

/** Counts and times every answer of an {@code /mcp} route. */
@Singleton
final class RequestMeter {

    // filters are created at build time, before the registry
    private final Provider<Meters> registered;

    RequestMeter(Provider<Meters> registered) {
        this.registered = registered;
    }

    void begin(RoutingContext routing) {
        if (Route.isMcp(routing.normalizedPath())) {
            long started = System.nanoTime();
            routing.addHeadersEndHandler(
                    sent -> count(routing.response().getStatusCode(), System.nanoTime() - started));
        }
        routing.next();
    }

    /** Counts a request to any path that was rejected because of its host or its origin. */
    void turnedAway() {
        registered.get().count(Count.TURNED_AWAY);
    }

    private void count(int status, long nanos) {
        Meters meters = registered.get();
        meters.count(Count.REQUESTS);
        meters.requestTook(Duration.ofNanos(nanos));
        if (status >= 400) {
            meters.count(Count.ERRORS);
        }
        if (status >= 500) {
            meters.count(Count.SERVER_ERRORS);
        }
        if (status == 401 || status == 403) {
            meters.count(Count.POLICY_DENIALS);
        }
    }
}
