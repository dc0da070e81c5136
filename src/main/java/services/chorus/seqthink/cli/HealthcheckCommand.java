package services.chorus.seqthink.cli;

import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import services.chorus.seqthink.app.Configuration;
import services.chorus.seqthink.config.Fault;
import services.chorus.seqthink.config.Settings;
import services.chorus.seqthink.http.GatewayConfig;
import services.chorus.seqthink.tls.TlsConfig;

@Command(
        name = "healthcheck",
        description = {
            "Ask the service on this host's PORT whether it lives.",
            "One that has not been ready since its start does not count as alive."
        })
final class HealthcheckCommand extends BaseCommand {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    @Mixin ConfigOption config;

    @Option(names = "--ready", description = "Ask whether it is ready now.")
    boolean ready;

    @Option(
            names = "--host",
            defaultValue = "127.0.0.1",
            description = "The service's host (default: ${DEFAULT-VALUE}).")
    String host;

    @Option(names = "--port", description = "The service's port (default: PORT, else 8443).")
    Optional<Integer> port;

    @Override
    public Integer call() throws InterruptedException, CommandFailed {
        Settings settings = Configuration.read(config.of(context()));
        String scheme = settings.section(TlsConfig.class).isOn() ? "https" : "http";
        String path = ready ? "/ready" : "/q/health/started";
        URI uri = URI.create("%s://%s:%d%s".formatted(scheme, host, port(settings), path));
        try (HttpClient client =
                HttpClient.newBuilder()
                        .connectTimeout(TIMEOUT)
                        .sslContext(anyCertificate())
                        .build()) {
            HttpRequest request = HttpRequest.newBuilder(uri).timeout(TIMEOUT).build();
            int status = client.send(request, BodyHandlers.discarding()).statusCode();
            if (status != 200) {
                throw new CommandFailed(uri + " answered " + status);
            }
            return ExitCode.OK;
        } catch (IOException e) {
            throw new CommandFailed(uri + " does not answer");
        }
    }

    private int port(Settings settings) throws CommandFailed {
        if (port.isPresent()) {
            return port.get();
        }
        Optional<Fault> fault = settings.fault(GatewayConfig.PORT);
        if (fault.isPresent()) {
            throw new CommandFailed(fault.get().line());
        }
        return settings.section(GatewayConfig.class).port();
    }

    /**
     * Trusts any certificate: nothing secret is sent, the certificate is for the public name and
     * not for this host's address, and one that cannot be verified must not look like a dead
     * service.
     */
    private static SSLContext anyCertificate() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            // extended trust managers, so that the JDK does not compare the host's name either
            context.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("The JDK's TLS cannot be used", e);
        }
    }
}
