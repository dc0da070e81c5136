package services.chorus.seqthink.http;

import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import services.chorus.seqthink.pipeline.Exchange;

/** Stores the exchange of a request in its routing context. */
final class Exchanges {

    private static final String KEY = Exchange.class.getName();

    private Exchanges() {}

    static Exchange begin(RoutingContext routing) {
        Exchange begun = new Exchange(routing.normalizedPath());
        routing.put(KEY, begun);
        return begun;
    }

    /** The exchange of a request; empty outside the {@code /mcp} routes. */
    static Optional<Exchange> find(RoutingContext routing) {
        return Optional.ofNullable(routing.get(KEY));
    }

    /** The exchange of a request to an {@code /mcp} route. */
    static Exchange of(RoutingContext routing) {
        return find(routing).orElseThrow();
    }
}
