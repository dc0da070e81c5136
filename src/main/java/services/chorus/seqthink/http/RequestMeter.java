package services.chorus.seqthink.http;

import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Provider;
import jakarta.inject.Singleton;
import java.time.Duration;
import services.chorus.seqthink.telemetry.Count;
import services.chorus.seqthink.telemetry.Meters;

/** Counts and times every answer to a request to MCP. */
@Singleton
final class RequestMeter {

    // filters are made at build time, before there is a registry
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

    /** Counts a request that was refused for its host or its origin, to whatever path. */
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
