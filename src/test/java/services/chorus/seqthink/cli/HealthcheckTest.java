package services.chorus.seqthink.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HealthcheckTest {

    private HttpServer service;
    private String port;
    private int readiness = 200;

    @BeforeEach
    void startAService() throws IOException {
        service = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        service.createContext("/q/health/started", exchange -> answer(exchange, 200));
        service.createContext("/ready", exchange -> answer(exchange, readiness));
        service.start();
        port = String.valueOf(service.getAddress().getPort());
    }

    @AfterEach
    void stopTheService() {
        service.stop(0);
    }

    @Test
    void findsTheServiceOnThePortOfTheEnvironment() {
        assertThat(healthcheck(Map.of("PORT", port)).exitCode()).isZero();
        assertThat(healthcheck(Map.of("PORT_REST", port)).exitCode()).isZero();
        assertThat(healthcheck(Map.of("SEQTHINK_GATEWAY_PORT", port)).exitCode()).isZero();
        assertThat(healthcheck(Map.of("PORT", port, "PORT_REST", "1")).exitCode()).isZero();
        assertThat(healthcheck(Map.of("PORT", "1"), "--port", port).exitCode()).isZero();
    }

    @Test
    void distinguishesAliveFromReady() {
        assertThat(healthcheck(Map.of("PORT", port), "--ready").exitCode()).isZero();

        readiness = 503;
        CommandRun notReady = healthcheck(Map.of("PORT", port), "--ready");

        assertThat(notReady.exitCode()).isEqualTo(1);
        assertThat(notReady.errors())
                .isEqualTo(
                        "seqthink-wrapper healthcheck: http://127.0.0.1:%s/ready answered 503\n",
                        port);
        assertThat(healthcheck(Map.of("PORT", port)).exitCode()).isZero();
    }

    @Test
    void reportsThatNothingAnswers() {
        stopTheService();

        CommandRun run = healthcheck(Map.of("PORT", port));

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.errors())
                .isEqualTo(
                        "seqthink-wrapper healthcheck: http://127.0.0.1:%s/q/health/started does not answer\n",
                        port);
    }

    @Test
    void reportsAFaultyPort() {
        CommandRun run = healthcheck(Map.of("PORT", ""));

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.errors())
                .startsWith("seqthink-wrapper healthcheck: PORT is set but empty: ");
    }

    private static CommandRun healthcheck(Map<String, String> environment, String... options) {
        String[] arguments = new String[options.length + 1];
        arguments[0] = "healthcheck";
        System.arraycopy(options, 0, arguments, 1, options.length);
        return CommandRun.in(environment, new byte[0], arguments);
    }

    private static void answer(HttpExchange exchange, int status) throws IOException {
        try (exchange) {
            exchange.sendResponseHeaders(status, -1);
        }
    }
}
