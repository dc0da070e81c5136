package services.chorus.seqthink.app;

import java.time.Instant;
import java.util.List;
import services.chorus.seqthink.age.KeyIdentity;
import services.chorus.seqthink.sealing.Keyring;
import services.chorus.seqthink.sealing.LiveKeyring;
import services.chorus.seqthink.telemetry.Key;
import services.chorus.seqthink.telemetry.Level;
import services.chorus.seqthink.telemetry.Meters;

/** Shows the keyring in the meters; neither room knows the other. */
final class KeyringMeters {

    private KeyringMeters() {}

    static void watch(LiveKeyring keyring, Meters meters) {
        meters.watch(Level.KEYRING_KEYS, () -> keyring.current().identities().size());
        meters.watch(
                Level.KEYRING_CURRENT_CREATED,
                () -> keyring.current().created().map(Instant::getEpochSecond).orElse(0L));
        meters.watch(Level.KEYRING_BROKEN, () -> keyring.broken() ? 1 : 0);
        meters.watch(Level.RECIPIENTS_VERSION, () -> keyring.current().version());
        keyring.onChange(keys -> meters.watch(rows(keyring, keys)));
        meters.watch(rows(keyring, keyring.current()));
    }

    private static List<Key> rows(LiveKeyring keyring, Keyring keys) {
        return keys.identities().stream()
                .map(
                        identity ->
                                new Key(
                                        identity.recipient().fingerprint(),
                                        identity == keys.currentIdentity(),
                                        () -> seconds(keyring, identity)))
                .toList();
    }

    private static double seconds(LiveKeyring keyring, KeyIdentity identity) {
        return keyring.idle(identity).toMillis() / 1000.0;
    }
}
