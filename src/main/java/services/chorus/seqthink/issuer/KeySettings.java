package services.chorus.seqthink.issuer;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import services.chorus.seqthink.age.AgeException;
import services.chorus.seqthink.issuer.keys.KeyAlgorithm;
import services.chorus.seqthink.issuer.keys.KeyPlan;
import services.chorus.seqthink.issuer.keys.KeyStorage;
import services.chorus.seqthink.issuer.keys.SigningKeys;
import services.chorus.seqthink.issuer.store.StoreException;

/** The signing keys as an operator wants them kept. */
public final class KeySettings {

    private KeySettings() {}

    /**
     * Opens the key file as {@link SigningKeys#open} does.
     *
     * @param path the key file
     * @param config one in which {@link IssuerCheck#keyFaults} found none
     * @throws StoreException when that or the identities file cannot be used as it is
     */
    public static SigningKeys open(Path path, IssuerConfig config, InstantSource clock) {
        return SigningKeys.open(path, plan(config), atRest(config), clock);
    }

    /**
     * How private keys are to stand in the key file.
     *
     * @throws StoreException when the identities file cannot be used as it is
     */
    public static KeyStorage atRest(IssuerConfig config) {
        return config.identityPath().map(KeySettings::sealedTo).orElseGet(KeyStorage::clear);
    }

    private static KeyPlan plan(IssuerConfig config) {
        return new KeyPlan(
                KeyAlgorithm.named(config.algorithm()).orElseThrow(),
                config.rotation(),
                KeyPlan.lead(config.jwksMaxAge()),
                config.grace());
    }

    private static KeyStorage sealedTo(Path identities) {
        try {
            return KeyStorage.sealedTo(identities);
        } catch (AgeException e) {
            throw StoreException.unusable(identities, e.getMessage());
        } catch (IOException e) {
            throw StoreException.unreadable(identities);
        }
    }
}
