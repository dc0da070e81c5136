package services.chorus.seqthink.issuer;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.stream.Stream;
import services.chorus.seqthink.age.AgeException;
import services.chorus.seqthink.issuer.clients.LastUsed;
import services.chorus.seqthink.issuer.keys.KeyAlgorithm;
import services.chorus.seqthink.issuer.keys.KeyPlan;
import services.chorus.seqthink.issuer.keys.KeyStorage;
import services.chorus.seqthink.issuer.keys.SigningKeys;
import services.chorus.seqthink.issuer.store.StoreException;
import services.chorus.seqthink.issuer.store.StoreFile;

/** The files of an issuer, and how its settings say that keys are kept. */
public record IssuerStorage(Path keys, Path clients, Path revoked) {

    private static final String DEFAULT_REVOKED = "revoked.json";

    /** Empty when the path of the keys or of the clients is not set. */
    public static Optional<IssuerStorage> of(IssuerConfig config) {
        return config.keysPath()
                .flatMap(keys -> config.clientsPath().map(clients -> of(keys, clients, config)));
    }

    private static IssuerStorage of(Path keys, Path clients, IssuerConfig config) {
        Path revoked = config.revokedPath().orElseGet(() -> keys.resolveSibling(DEFAULT_REVOKED));
        return new IssuerStorage(keys, clients, revoked);
    }

    /**
     * Rejects files of which an interrupted restore has not put all in place: a new file would
     * prevent that it is completed.
     *
     * @throws StoreException when one is pending
     */
    public void requireAllInPlace() {
        Stream.of(keys, clients, LastUsed.path(clients), revoked)
                .forEach(StoreFile::requireInPlace);
    }

    /**
     * Opens a key file as {@link SigningKeys#open} does.
     *
     * @param config one in which {@link IssuerCheck#keyFaults} finds nothing
     * @throws StoreException when that or the identities file cannot be used
     */
    public static SigningKeys openKeys(Path path, IssuerConfig config, InstantSource clock) {
        var plan =
                new KeyPlan(
                        KeyAlgorithm.named(config.algorithm()).orElseThrow(),
                        config.rotation(),
                        KeyPlan.lead(config.jwksMaxAge()),
                        config.grace());
        return SigningKeys.open(path, plan, keyStorage(config), clock);
    }

    /**
     * How private keys are stored in the key file.
     *
     * @throws StoreException when the identities file cannot be used
     */
    public static KeyStorage keyStorage(IssuerConfig config) {
        if (config.identityPath().isEmpty()) {
            return KeyStorage.clear();
        }
        Path identities = config.identityPath().get();
        try {
            return KeyStorage.sealedTo(identities);
        } catch (AgeException e) {
            throw StoreException.unusable(identities, e.getMessage());
        } catch (IOException e) {
            throw StoreException.unreadable(identities);
        }
    }
}
