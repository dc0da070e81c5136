package services.chorus.seqthink.http;

import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import services.chorus.seqthink.pipeline.Exchange;

/** Where the exchange of a request is kept while it passes through the HTTP layers. */
final class Exchanges {

    private static final String KEY = Exchange.class.getName();

    private Exchanges() {}

    static Exchange begin(RoutingContext routing) {
        Exchange begun = new Exchange(routing.normalizedPath());
        routing.put(KEY, begun);
        return begun;
    }

    /** That of a request; empty where the route is none of MCP. */
    static Optional<Exchange> find(RoutingContext routing) {
        return Optional.ofNullable(routing.get(KEY));
    }

    /** That of a request to a route of MCP. */
    static Exchange of(RoutingContext routing) {
        return find(routing).orElseThrow();
    }
}
