package services.chorus.seqthink.app;

import static java.util.stream.Collectors.toUnmodifiableSet;

import io.quarkus.runtime.StartupEvent;
import io.quarkus.tls.runtime.KeyStoreAndKeyCertOptions;
import io.quarkus.tls.runtime.KeyStoreProvider;
import io.smallrye.common.annotation.Identifier;
import io.vertx.core.net.KeyCertOptions;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Disposes;
import jakarta.inject.Provider;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import services.chorus.seqthink.config.Heap;
import services.chorus.seqthink.config.HostPort;
import services.chorus.seqthink.http.AllowedHosts;
import services.chorus.seqthink.http.AllowedOrigins;
import services.chorus.seqthink.http.AnswerHeaders;
import services.chorus.seqthink.http.GatewayConfig;
import services.chorus.seqthink.http.GatewayConfig.Role;
import services.chorus.seqthink.http.ResourceMetadata;
import services.chorus.seqthink.http.connection.Connections;
import services.chorus.seqthink.issuer.IssuerConfig;
import services.chorus.seqthink.net.CertificateAuthorities;
import services.chorus.seqthink.pipeline.PublicUrl;
import services.chorus.seqthink.policy.Challenge;
import services.chorus.seqthink.policy.PolicyConfig;
import services.chorus.seqthink.policy.dpop.DpopConfig;
import services.chorus.seqthink.policy.limits.CallerLimits;
import services.chorus.seqthink.policy.limits.FailureLimits;
import services.chorus.seqthink.policy.limits.LimitsConfig;
import services.chorus.seqthink.policy.limits.RecordLimits;
import services.chorus.seqthink.state.SharedState;
import services.chorus.seqthink.state.StateConfig;
import services.chorus.seqthink.telemetry.Count;
import services.chorus.seqthink.telemetry.Meters;
import services.chorus.seqthink.telemetry.Reading;
import services.chorus.seqthink.tls.LiveCertificate;
import services.chorus.seqthink.tls.TlsConfig;

/** Creates what every request passes first: TLS, hosts and origins, and the limits of callers. */
@Singleton
final class HttpAssembly {

    /** For development, the only case without an own URL. */
    private static final List<String> LOOPBACK = List.of("localhost", "127.0.0.1", "[::1]");

    @Singleton
    static AllowedHosts hosts(GatewayConfig gateway, IssuerConfig issuer) {
        List<String> said = gateway.allowedHosts().orElseGet(() -> ownHosts(gateway, issuer));
        return new AllowedHosts(
                said.stream()
                        .map(String::trim)
                        .map(host -> HostPort.parse(host).orElseThrow())
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

    @Singleton
    static AllowedOrigins origins(GatewayConfig gateway) {
        return new AllowedOrigins(
                gateway.allowedOrigins().orElse(Set.of()).stream()
                        .map(String::trim)
                        .collect(toUnmodifiableSet()));
    }

    @Singleton
    static AnswerHeaders headers(TlsConfig tls) {
        return new AnswerHeaders(tls.isOn());
    }

    @Singleton
    static Challenge challenge(PolicyConfig policy, DpopConfig dpop, PublicUrl publicUrl) {
        return new Challenge(
                policy.requiredScope(),
                URI.create(publicUrl.of(ResourceMetadata.PATH)),
                dpop.required());
    }

    @Singleton
    CallerLimits callers(
            LimitsConfig config, StateConfig shared, Provider<SharedState> state, Meters meters) {
        return shared.url().isEmpty()
                ? CallerLimits.ofOneReplica(config.perMinute())
                : CallerLimits.ofAllReplicas(
                        config.perMinute(), state.get(), () -> meters.count(Count.UNSHARED_RATES));
    }

    @Singleton
    Connections connections(LimitsConfig config, Heap heap, Meters meters) {
        return new Connections(config.trustedProxies().orElse(List.of()), heap, meters);
    }

    @Singleton
    FailureLimits failures(LimitsConfig config) {
        return new FailureLimits(
                config.failuresPerMinute(), config.trustedProxies().orElse(List.of()));
    }

    @Singleton
    RecordLimits records(LimitsConfig config) {
        return new RecordLimits(
                config.failuresPerMinute(), config.trustedProxies().orElse(List.of()));
    }

    /** This service's certificate; empty when TLS does not end in this process. */
    record OwnCertificate(Optional<LiveCertificate> live) {}

    @Singleton
    static OwnCertificate certificate(TlsConfig config) throws IOException {
        return new OwnCertificate(
                config.isOn()
                        ? Optional.of(
                                LiveCertificate.open(
                                        config.certPath().orElseThrow(),
                                        config.keyPath().orElseThrow()))
                        : Optional.empty());
    }

    static void stop(@Disposes OwnCertificate certificate) {
        certificate.live.ifPresent(LiveCertificate::close);
    }

    /** Null means no TLS. The key store is null because Quarkus reads it only for SNI. */
    @Singleton
    @Identifier("own")
    static KeyStoreProvider keys(OwnCertificate certificate) {
        return vertx ->
                certificate
                        .live
                        .map(live -> KeyCertOptions.wrap(live.keyManager()))
                        .map(keys -> new KeyStoreAndKeyCertOptions(null, keys))
                        .orElse(null);
    }

    void watch(
            @Observes StartupEvent event,
            OwnCertificate certificate,
            CertificateAuthorities authorities,
            Connections connections,
            Meters meters) {
        meters.watch(Reading.CONNECTIONS_OPEN, connections::open);
        certificate.live.ifPresent(
                live -> {
                    meters.watch(Reading.CERTIFICATE_END, () -> live.expiry().getEpochSecond());
                    meters.watch(Reading.CERTIFICATE_BROKEN, () -> live.broken() ? 1 : 0);
                });
        authorities
                .expiry()
                .ifPresent(
                        expiry ->
                                meters.watch(
                                        Reading.TRUSTED_CERTIFICATE_END, expiry::getEpochSecond));
    }
}
