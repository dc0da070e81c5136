package services.chorus.seqthink.http;

import jakarta.inject.Provider;
import jakarta.inject.Singleton;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import java.time.Duration;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;
import services.chorus.seqthink.telemetry.Count;
import services.chorus.seqthink.telemetry.Meters;

/** Counts and times every request to an {@code /mcp} route, however it ends. */
@Singleton
final class RequestMeter {

    private static final String STARTED = RequestMeter.class.getName();

    // filters are made at build time, before there is a registry
    private final Provider<Meters> registered;

    RequestMeter(Provider<Meters> registered) {
        this.registered = registered;
    }

    @ServerRequestFilter(preMatching = true)
    void start(ContainerRequestContext request) {
        if (isCounted(request.getUriInfo().getPath())) {
            request.setProperty(STARTED, System.nanoTime());
        }
    }

    /** Counts a request that was refused before its route was looked for. */
    void turnedAway(String path) {
        Meters meters = registered.get();
        meters.count(Count.TURNED_AWAY);
        if (isCounted(path)) {
            meters.count(Count.REQUESTS);
            meters.requestTook(Duration.ZERO);
            meters.count(Count.ERRORS);
        }
    }

    private static boolean isCounted(String path) {
        return path.equals("/mcp") || path.startsWith("/mcp/");
    }

    @ServerResponseFilter
    void end(ContainerRequestContext request, ContainerResponseContext response) {
        if (!(request.getProperty(STARTED) instanceof Long started)) {
            return;
        }
        Meters meters = registered.get();
        meters.count(Count.REQUESTS);
        meters.requestTook(Duration.ofNanos(System.nanoTime() - started));
        int status = response.getStatus();
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
