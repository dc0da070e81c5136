package services.chorus.seqthink.app;

import io.quarkus.runtime.StartupEvent;
import io.quarkus.tls.runtime.KeyStoreAndKeyCertOptions;
import io.quarkus.tls.runtime.KeyStoreProvider;
import io.smallrye.common.annotation.Identifier;
import io.vertx.core.net.KeyCertOptions;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.Optional;
import services.chorus.seqthink.net.CertificateAuthorities;
import services.chorus.seqthink.telemetry.Level;
import services.chorus.seqthink.telemetry.Meters;
import services.chorus.seqthink.tls.LiveCertificate;
import services.chorus.seqthink.tls.TlsConfig;

/** Hands the certificate on disk to Quarkus, under the name that application.properties has. */
@Singleton
final class TlsAssembly {

    /** This service's certificate, where TLS ends in this process. */
    record OwnCertificate(Optional<LiveCertificate> live) {}

    @Produces
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

    /** Quarkus takes null for no TLS at all; the key store is read only where there are several. */
    @Produces
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
            Meters meters) {
        certificate.live.ifPresent(
                live -> {
                    meters.watch(Level.CERTIFICATE_END, () -> live.end().getEpochSecond());
                    meters.watch(Level.CERTIFICATE_BROKEN, () -> live.broken() ? 1 : 0);
                });
        authorities
                .end()
                .ifPresent(end -> meters.watch(Level.TRUSTED_CERTIFICATE_END, end::getEpochSecond));
    }
}
