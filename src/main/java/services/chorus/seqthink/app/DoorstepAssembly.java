package services.chorus.seqthink.app;

import static java.util.stream.Collectors.toUnmodifiableSet;

import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import services.chorus.seqthink.config.Authority;
import services.chorus.seqthink.http.AllowedHosts;
import services.chorus.seqthink.http.AllowedOrigins;
import services.chorus.seqthink.http.AnswerHeaders;
import services.chorus.seqthink.http.GatewayConfig;
import services.chorus.seqthink.http.GatewayConfig.Role;
import services.chorus.seqthink.issuer.IssuerConfig;
import services.chorus.seqthink.tls.TlsConfig;

/** What every request is met with, whichever role it is for. */
@Singleton
final class DoorstepAssembly {

    /** Without a URL of its own only for development, on loopback. */
    private static final List<String> LOOPBACK = List.of("localhost", "127.0.0.1", "[::1]");

    @Produces
    @Singleton
    static AllowedHosts hosts(GatewayConfig gateway, IssuerConfig issuer) {
        List<String> said = gateway.allowedHosts().orElseGet(() -> ownHosts(gateway, issuer));
        return new AllowedHosts(
                said.stream()
                        .map(String::trim)
                        .map(host -> Authority.parse(host).orElseThrow())
                        .toList());
    }

    private static List<String> ownHosts(GatewayConfig gateway, IssuerConfig issuer) {
        Optional<URI> issuerUrl =
                Role.ISSUER.actsIn(gateway) ? issuer.url().map(URI::create) : Optional.empty();
        List<String> own =
                Stream.of(gateway.publicUrl(), issuerUrl)
                        .flatMap(Optional::stream)
                        .map(URI::getHost)
                        .toList();
        return own.isEmpty() ? LOOPBACK : own;
    }

    @Produces
    @Singleton
    static AllowedOrigins origins(GatewayConfig gateway) {
        return new AllowedOrigins(
                gateway.allowedOrigins().orElse(Set.of()).stream()
                        .map(String::trim)
                        .collect(toUnmodifiableSet()));
    }

    @Produces
    @Singleton
    static AnswerHeaders headers(TlsConfig tls) {
        return new AnswerHeaders(tls.isOn());
    }
}
