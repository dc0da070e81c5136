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
import services.chorus.seqthink.config.Heap;
import services.chorus.seqthink.http.GatewayConfig.Role;

/** One line, once the port is open, that says what this process is; then what is to be known. */
@Singleton
final class StartLine {

    private static final long A_MOMENT = Duration.ofMillis(1).toNanos();

    private final Configuration.Usable configuration;
    private final HttpServer server;
    private final Heap heap;

    StartLine(Configuration.Usable configuration, HttpServer server, Heap heap) {
        this.configuration = configuration;
        this.server = server;
        this.heap = heap;
    }

    void say(@ObservesAsync HttpServerStart start) {
        say(start.options().getHost(), known(server::getPort), "");
    }

    void say(@ObservesAsync HttpsServerStart start) {
        say(start.options().getHost(), known(server::getSecurePort), ", TLS on");
    }

    /** Of several event loops one may tell of the start just before another has noted the port. */
    private static int known(IntSupplier port) {
        while (port.getAsInt() < 0) {
            LockSupport.parkNanos(A_MOMENT);
        }
        return port.getAsInt();
    }

    private void say(String host, int port, String tls) {
        Warnings.of(configuration, heap).forEach(Log::warn);
        Set<Role> roles = Role.acting(configuration.gateway());
        Log.infof(
                "listening on %s:%d as %s%s%s",
                host, port, roles, tls, roles.contains(Role.DOOR) ? door() : "");
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
