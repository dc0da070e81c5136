package services.chorus.seqthink.issuer;

import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import services.chorus.seqthink.issuer.clients.LastUsed;
import services.chorus.seqthink.issuer.store.StoreException;
import services.chorus.seqthink.issuer.store.StoreFile;

/** Where an issuer keeps its own. */
public record IssuerPaths(Path keys, Path clients, Path revoked) {

    /** Where nothing else is said of it, beside the keys. */
    private static final String REVOKED = "revoked.json";

    /** Empty where it is not said where the keys or the clients are. */
    public static Optional<IssuerPaths> of(IssuerConfig config) {
        return config.keysPath()
                .flatMap(keys -> config.clientsPath().map(clients -> of(keys, clients, config)));
    }

    /**
     * Lets none of them be begun anew while a restore is under way, or was cut short: it would be
     * in the way of what waits for its place.
     *
     * @throws StoreException when one waits
     */
    public void requireAllInPlace() {
        Stream.of(keys, clients, LastUsed.path(clients), revoked)
                .forEach(StoreFile::requireInPlace);
    }

    private static IssuerPaths of(Path keys, Path clients, IssuerConfig config) {
        return new IssuerPaths(
                keys, clients, config.revokedPath().orElseGet(() -> keys.resolveSibling(REVOKED)));
    }
}
