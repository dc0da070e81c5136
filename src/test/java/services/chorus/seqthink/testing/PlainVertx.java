package services.chorus.seqthink.testing;

import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxBuilder;
import java.util.List;

/** Vert.x without the service's limits of connections, for servers of unit tests. */
public final class PlainVertx {

    private PlainVertx() {}

    public static Vertx create() {
        return new VertxBuilder().serviceProviders(List.of()).init().vertx();
    }
}
