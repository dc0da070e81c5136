package services.chorus.seqthink.app;

import io.vertx.core.Vertx;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Provider;
import jakarta.inject.Singleton;
import java.net.URI;
import java.security.SecureRandom;
import java.time.InstantSource;
import services.chorus.seqthink.config.Heap;
import services.chorus.seqthink.http.GatewayConfig;
import services.chorus.seqthink.net.CertificateAuthorities;
import services.chorus.seqthink.sealing.KeyringSecrets;
import services.chorus.seqthink.sealing.LiveKeyring;
import services.chorus.seqthink.sealing.SealingConfig;
import services.chorus.seqthink.state.RedisUrl;
import services.chorus.seqthink.state.SealedState;
import services.chorus.seqthink.state.StateConfig;
import services.chorus.seqthink.state.StateSecrets;

/** What replicas share: where it is kept, and what it is sealed under. */
@Singleton
final class StateAssembly {

    @Produces
    @Singleton
    StateSecrets secrets(SealingConfig config, Provider<LiveKeyring> keyring) {
        if (config.identities().isEmpty()) {
            return new StateSecrets.OfProcess(new SecureRandom());
        }
        LiveKeyring live = keyring.get();
        return new KeyringSecrets(() -> live.current().identities());
    }

    @Produces
    @Singleton
    SealedState state(
            StateConfig config,
            GatewayConfig gateway,
            StateSecrets secrets,
            CertificateAuthorities authorities,
            Vertx vertx,
            InstantSource clock,
            Heap heap) {
        // without one only under INSECURE_DEV, where nothing else needs it either
        String server = gateway.publicUrl().map(URI::toString).orElse("");
        return config.url()
                .map(RedisUrl::of)
                .map(
                        url ->
                                SealedState.inRedis(
                                        vertx, url, authorities.trust(), secrets, server, clock))
                .orElseGet(() -> SealedState.inMemory(secrets, server, clock, heap));
    }

    void stop(@Disposes SealedState state) {
        state.close();
    }
}
