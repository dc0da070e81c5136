package services.chorus.seqthink.cli;

import io.quarkus.logging.Log;
import io.quarkus.vertx.http.HttpServer;
import io.quarkus.vertx.http.HttpServerStart;
import jakarta.enterprise.event.ObservesAsync;
import jakarta.inject.Singleton;
import services.chorus.seqthink.gateway.GatewayConfig;
import services.chorus.seqthink.issuer.IssuerConfig;
import services.chorus.seqthink.mcp.McpConfig;
import services.chorus.seqthink.policy.PolicyConfig;
import services.chorus.seqthink.sealing.SealingConfig;

/** One line, once the port is open, that says what this process is; then what is to be known. */
@Singleton
final class StartLine {

    private final Configuration.Usable configuration;
    private final HttpServer server;

    StartLine(
            GatewayConfig gateway,
            SealingConfig sealing,
            PolicyConfig policy,
            McpConfig mcp,
            IssuerConfig issuer,
            HttpServer server) {
        this.configuration = new Configuration.Usable(gateway, sealing, policy, mcp, issuer);
        this.server = server;
    }

    void say(@ObservesAsync HttpServerStart start) {
        Warnings.of(configuration).forEach(Log::warn);
        Log.infof(
                "listening on %s:%d as %s, encryption %s, policy %s, upstream %s",
                start.options().getHost(),
                server.getPort(),
                configuration.gateway().roles(),
                configuration.sealing().identities().isPresent() ? "on" : "OFF",
                configuration.policy().issuers().isPresent() ? "on" : "OFF",
                configuration.mcp().runsBuiltIn() ? "built in" : configuration.mcp().local().get());
    }
}
