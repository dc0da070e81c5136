package services.chorus.seqthink.cli;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
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
            "Ask the service on this host's PORT whether it is alive.",
            "A service that has never been ready counts as not alive."
        })
final class HealthcheckCommand extends BaseCommand {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    @Mixin ConfigOption config;

    @Option(names = "--ready", description = "Check whether the service is ready.")
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
        URI uri = uri(scheme, port(settings), path);
        try (HttpClient client =
                HttpClient.newBuilder()
                        .connectTimeout(TIMEOUT)
                        .sslContext(AnyCertificate.context())
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

    private URI uri(String scheme, int port, String path) {
        try {
            return new URI(scheme, null, host, port, path, null, null);
        } catch (URISyntaxException e) {
            throw misuse("--host '%s' is not a host name".formatted(host));
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
     * Trusts any certificate: the request holds no secret, the certificate is for the public name
     * and not for this host's address, and an expired one must not look like a dead service.
     */
    private static final class AnyCertificate extends X509ExtendedTrustManager {

        static SSLContext context() {
            try {
                SSLContext context = SSLContext.getInstance("TLS");
                context.init(null, new TrustManager[] {new AnyCertificate()}, null);
                return context;
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("The JDK's TLS cannot be used", e);
            }
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
