package services.chorus.seqthink.app;

import io.quarkus.logging.Log;
import io.quarkus.vertx.http.HttpServer;
import io.quarkus.vertx.http.HttpServerStart;
import io.quarkus.vertx.http.HttpsServerStart;
import jakarta.enterprise.event.ObservesAsync;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;
import java.util.stream.Collectors;
import services.chorus.seqthink.config.Heap;
import services.chorus.seqthink.http.GatewayConfig.Role;

/** Logs the warnings, and one line with what this process runs, once the port is open. */
@Singleton
final class StartLine {

    private static final long PAUSE = Duration.ofMillis(1).toNanos();

    private final Configuration.Usable configuration;
    private final HttpServer server;
    private final Heap heap;

    StartLine(Configuration.Usable configuration, HttpServer server, Heap heap) {
        this.configuration = configuration;
        this.server = server;
        this.heap = heap;
    }

    void log(@ObservesAsync HttpServerStart start) {
        log(start.options().getHost(), portOf(server::getPort), "");
    }

    void log(@ObservesAsync HttpsServerStart start) {
        log(start.options().getHost(), portOf(server::getSecurePort), ", TLS on");
    }

    /** The event may arrive shortly before another event loop has set the port. */
    private static int portOf(IntSupplier port) {
        while (port.getAsInt() < 0) {
            LockSupport.parkNanos(PAUSE);
        }
        return port.getAsInt();
    }

    private void log(String host, int port, String tls) {
        Warnings.of(configuration, heap).forEach(Log::warn);
        Set<Role> roles = Role.acting(configuration.gateway());
        Log.infof(
                "listening on %s:%d as %s%s%s",
                host, port, names(roles), tls, roles.contains(Role.DOOR) ? door() : "");
    }

    private static String names(Set<Role> roles) {
        return roles.stream()
                .map(
                        role ->
                                switch (role) {
                                    case DOOR -> "door";
                                    case ISSUER -> "issuer";
                                })
                .collect(Collectors.joining(" and "));
    }

    private String door() {
        return ", encryption %s, policy %s, upstream %s"
                .formatted(
                        configuration.sealing().identities().isPresent() ? "on" : "OFF",
                        configuration.isPolicyOff() ? "OFF" : "on",
                        configuration.mcp().runsBuiltIn()
                                ? "built in"
                                : configuration.mcp().local().orElseThrow());
    }
}
