package services.chorus.seqthink.app;

import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Provider;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import services.chorus.seqthink.age.KeyIdentity;
import services.chorus.seqthink.http.GatewayConfig;
import services.chorus.seqthink.pipeline.PublicUrl;
import services.chorus.seqthink.pipeline.ThoughtLog;
import services.chorus.seqthink.sealing.AdvertisedRecipients;
import services.chorus.seqthink.sealing.AgeSealing;
import services.chorus.seqthink.sealing.DoorRecipients;
import services.chorus.seqthink.sealing.Freshness;
import services.chorus.seqthink.sealing.HistoryQuota;
import services.chorus.seqthink.sealing.Keyring;
import services.chorus.seqthink.sealing.LiveKeyring;
import services.chorus.seqthink.sealing.ReplayGuard;
import services.chorus.seqthink.sealing.Sealing;
import services.chorus.seqthink.sealing.SealingConfig;
import services.chorus.seqthink.sealing.SharedVersions;
import services.chorus.seqthink.sealing.SignedRecipients;
import services.chorus.seqthink.sealing.UnsealedForDevelopment;
import services.chorus.seqthink.sealing.Versions;
import services.chorus.seqthink.state.SharedState;
import services.chorus.seqthink.state.StateConfig;
import services.chorus.seqthink.telemetry.Count;
import services.chorus.seqthink.telemetry.Meters;

/** The sealing room's parts: the keys on disk, what they open, and whom they say to seal to. */
@Singleton
final class SealingAssembly {

    @Produces
    @Singleton
    Freshness freshness(SealingConfig config, StateConfig shared, InstantSource clock) {
        return MemoryOfUses.begin(shared, config)
                .map(begin -> Freshness.from(begin, config.replayWindow(), clock))
                .orElseGet(() -> Freshness.always(config.replayWindow(), clock));
    }

    @Produces
    @Singleton
    LiveKeyring keyring(SealingConfig config, InstantSource clock, Meters meters)
            throws IOException {
        Path identities =
                config.identities().orElseThrow(() -> new IllegalStateException("No identities"));
        LiveKeyring keyring = LiveKeyring.open(identities, config.recipients(), clock);
        KeyringMeters.watch(keyring, meters);
        return keyring;
    }

    void stop(@Disposes LiveKeyring keyring) {
        keyring.close();
    }

    @Produces
    @Singleton
    Sealing sealing(
            SealingConfig config,
            GatewayConfig gateway,
            Provider<LiveKeyring> keyring,
            Freshness freshness) {
        if (config.identities().isEmpty()) {
            if (!gateway.insecureDev()) {
                throw new IllegalStateException("No identity, and not for development");
            }
            return new UnsealedForDevelopment();
        }
        return new AgeSealing(
                keyring.get(), config.requireBound(), freshness, gateway.maxBodyMb() * 1024 * 1024);
    }

    @Produces
    @Singleton
    ReplayGuard replayGuard(SealingConfig config, SharedState state) {
        return new ReplayGuard(state, config.replayWindow(), config.replayQuota());
    }

    @Produces
    @Singleton
    HistoryQuota historyQuota(SharedState state) {
        return new HistoryQuota(state);
    }

    @Produces
    @Singleton
    ThoughtLog thoughts(SharedState state) {
        return new ThoughtLog(state, ThoughtLog.LOOK_AGAIN);
    }

    @Produces
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
        Versions versions =
                shared.url().isPresent() ? new SharedVersions(state) : Versions.OF_ONE_REPLICA;
        SignedRecipients signed =
                SignedRecipients.start(
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
}
