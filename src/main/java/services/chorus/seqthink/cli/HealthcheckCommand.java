package services.chorus.seqthink.cli;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import services.chorus.seqthink.app.Configuration;
import services.chorus.seqthink.app.Version;
import services.chorus.seqthink.config.Fault;
import services.chorus.seqthink.config.Settings;
import services.chorus.seqthink.http.GatewayConfig;
import services.chorus.seqthink.tls.TlsConfig;

/** Asks the service in this container how it is; needs neither shell nor curl. */
@Command(
        name = "healthcheck",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = {
            "Ask the service on this host's PORT whether it lives.",
            "One that has not been ready since its start does not count as alive."
        })
final class HealthcheckCommand implements Callable<Integer> {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    @ParentCommand RootCommand root;

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
    public Integer call() throws IOException, InterruptedException, CommandFailed {
        Settings settings = Configuration.read(config.of(root.surroundings()));
        String scheme = settings.section(TlsConfig.class).isOn() ? "https" : "http";
        URI uri =
                URI.create(
                        "%s://%s:%d%s"
                                .formatted(
                                        scheme,
                                        host,
                                        port(settings),
                                        ready ? "/ready" : "/q/health/started"));
        try (HttpClient client =
                HttpClient.newBuilder()
                        .connectTimeout(PATIENCE)
                        .sslContext(AnyCertificate.context())
                        .build()) {
            HttpRequest request = HttpRequest.newBuilder(uri).timeout(PATIENCE).build();
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
}
