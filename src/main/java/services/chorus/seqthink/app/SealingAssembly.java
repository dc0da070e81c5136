package services.chorus.seqthink.app;

import io.vertx.core.Vertx;
import jakarta.enterprise.inject.Disposes;
import jakarta.inject.Provider;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import services.chorus.seqthink.age.KeyIdentity;
import services.chorus.seqthink.config.Heap;
import services.chorus.seqthink.http.GatewayConfig;
import services.chorus.seqthink.net.CertificateAuthorities;
import services.chorus.seqthink.pipeline.PublicUrl;
import services.chorus.seqthink.pipeline.ThoughtLog;
import services.chorus.seqthink.sealing.AdvertisedRecipients;
import services.chorus.seqthink.sealing.AgeSealing;
import services.chorus.seqthink.sealing.DoorRecipients;
import services.chorus.seqthink.sealing.Freshness;
import services.chorus.seqthink.sealing.HistoryQuota;
import services.chorus.seqthink.sealing.Keyring;
import services.chorus.seqthink.sealing.KeyringSecrets;
import services.chorus.seqthink.sealing.LiveKeyring;
import services.chorus.seqthink.sealing.ReplayGuard;
import services.chorus.seqthink.sealing.Sealing;
import services.chorus.seqthink.sealing.SealingConfig;
import services.chorus.seqthink.sealing.SharedVersions;
import services.chorus.seqthink.sealing.SignedRecipients;
import services.chorus.seqthink.sealing.UnsealedForDevelopment;
import services.chorus.seqthink.state.RedisUrl;
import services.chorus.seqthink.state.SealedState;
import services.chorus.seqthink.state.SharedState;
import services.chorus.seqthink.state.StateConfig;
import services.chorus.seqthink.state.StateSecrets;
import services.chorus.seqthink.telemetry.Count;
import services.chorus.seqthink.telemetry.Meters;
import services.chorus.seqthink.telemetry.Reading;

/**
 * Creates what the identities on disk are for: sealing and opening, the published recipients, and
 * the shared state, which is sealed under keys derived from them.
 */
@Singleton
final class SealingAssembly {

    @Singleton
    Freshness freshness(SealingConfig config, StateConfig shared, InstantSource clock) {
        return memoryBegin(shared, config)
                .map(begin -> Freshness.from(begin, config.replayWindow(), clock))
                .orElseGet(() -> Freshness.always(config.replayWindow(), clock));
    }

    @Singleton
    LiveKeyring keyring(SealingConfig config, InstantSource clock, Meters meters)
            throws IOException {
        Path identities =
                config.identities()
                        .orElseThrow(() -> new IllegalStateException("AGE_IDENT_PATH is not set"));
        LiveKeyring keyring = LiveKeyring.open(identities, config.recipients(), clock);
        watch(keyring, meters);
        return keyring;
    }

    void stop(@Disposes LiveKeyring keyring) {
        keyring.close();
    }

    private static void watch(LiveKeyring keyring, Meters meters) {
        meters.watch(Reading.KEYRING_KEYS, () -> keyring.current().identities().size());
        meters.watch(
                Reading.KEYRING_CURRENT_CREATED,
                () -> keyring.current().created().map(Instant::getEpochSecond).orElse(0L));
        meters.watch(Reading.KEYRING_BROKEN, () -> keyring.broken() ? 1 : 0);
        meters.watch(Reading.RECIPIENTS_VERSION, () -> keyring.current().version());
        keyring.onChange(keys -> meters.watch(rows(keyring, keys)));
        meters.watch(rows(keyring, keyring.current()));
    }

    private static List<Meters.Key> rows(LiveKeyring keyring, Keyring keys) {
        return keys.identities().stream()
                .map(
                        identity ->
                                new Meters.Key(
                                        identity.recipient().fingerprint(),
                                        identity == keys.currentIdentity(),
                                        () -> seconds(keyring, identity)))
                .toList();
    }

    private static double seconds(LiveKeyring keyring, KeyIdentity identity) {
        return keyring.idle(identity).toMillis() / 1000.0;
    }

    @Singleton
    Sealing sealing(
            SealingConfig config,
            GatewayConfig gateway,
            Provider<LiveKeyring> keyring,
            Freshness freshness) {
        if (config.identities().isEmpty()) {
            if (!gateway.insecureDev()) {
                throw new IllegalStateException("Neither AGE_IDENT_PATH nor INSECURE_DEV is set");
            }
            return new UnsealedForDevelopment();
        }
        return new AgeSealing(
                keyring.get(), config.requireBound(), freshness, gateway.maxBodyMb() * 1024 * 1024);
    }

    @Singleton
    ReplayGuard replayGuard(SealingConfig config, SharedState state) {
        return new ReplayGuard(state, config.replayWindow(), config.replayQuota());
    }

    @Singleton
    HistoryQuota historyQuota(SharedState state) {
        return new HistoryQuota(state);
    }

    @Singleton
    ThoughtLog thoughts(SharedState state) {
        return new ThoughtLog(state, ThoughtLog.POLL_INTERVAL);
    }

    @Singleton
    AdvertisedRecipients recipients(
            SealingConfig config,
            PublicUrl url,
            Provider<LiveKeyring> keyring,
            StateConfig shared,
            SharedState state,
            InstantSource clock,
            Meters meters) {
        if (config.identities().isEmpty() || config.doorKey().isEmpty()) {
            return Optional::empty;
        }
        LiveKeyring live = keyring.get();
        Optional<SharedVersions> versions = shared.url().map(_ -> new SharedVersions(state));
        SignedRecipients signed =
                new SignedRecipients(
                        url.base(),
                        config.doorKey().get(),
                        () -> recipients(live.current()),
                        versions,
                        clock,
                        trouble ->
                                meters.count(
                                        switch (trouble) {
                                            case DOOR_KEY -> Count.DOOR_KEY_FAILURES;
                                            case VERSION_TAKEN -> Count.RECIPIENT_CONFLICTS;
                                            case STATE_AWAY -> Count.STATE_FAILURES;
                                        }));
        signed.start();
        live.onChange(changed -> signed.lookSoon());
        return signed;
    }

    void stop(@Disposes AdvertisedRecipients recipients) {
        if (recipients instanceof SignedRecipients signed) {
            signed.close();
        }
    }

    private static DoorRecipients recipients(Keyring keyring) {
        return new DoorRecipients(
                keyring.version(),
                keyring.identities().stream().map(KeyIdentity::recipient).toList());
    }

    @Singleton
    StateSecrets secrets(SealingConfig config, Provider<LiveKeyring> keyring) {
        if (config.identities().isEmpty()) {
            return new StateSecrets.OfProcess(new SecureRandom());
        }
        LiveKeyring live = keyring.get();
        return new KeyringSecrets(() -> live.current().identities());
    }

    @Singleton
    SealedState state(
            StateConfig config,
            GatewayConfig gateway,
            StateSecrets secrets,
            CertificateAuthorities authorities,
            Vertx vertx,
            InstantSource clock,
            Heap heap) {
        // not set only under INSECURE_DEV, where nothing else needs it
        String server = gateway.publicUrl().map(URI::toString).orElse("");
        return config.url()
                .map(RedisUrl::parse)
                .map(
                        url ->
                                SealedState.inRedis(
                                        vertx, url, authorities.trust(), secrets, server, clock))
                .orElseGet(() -> SealedState.inMemory(secrets, server, clock, heap));
    }

    void stop(@Disposes SealedState state) {
        state.close();
    }

    /**
     * When the memory of requests began: with this process, or empty for shared state, which
     * outlives it. Without identities state is not shared, since they make its names.
     */
    static Optional<Instant> memoryBegin(StateConfig shared, SealingConfig sealing) {
        return shared.url().isPresent() && sealing.identities().isPresent()
                ? Optional.empty()
                : Optional.of(
                        Instant.ofEpochMilli(ManagementFactory.getRuntimeMXBean().getStartTime()));
    }
}
