package services.chorus.seqthink.cli;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import services.chorus.seqthink.issuer.IssuerConfig;
import services.chorus.seqthink.issuer.IssuerPaths;
import services.chorus.seqthink.issuer.clients.Clients;
import services.chorus.seqthink.issuer.clients.LastUsed;

/** A command that works on the clients of an issuer: those in the file named, else serve's. */
abstract class ClientsCommand extends BaseCommand {

    static final InstantSource CLOCK = InstantSource.system();

    @Mixin IssuerOptions issuer;

    @Option(
            names = "--file",
            paramLabel = "FILE",
            description = "The clients file (default: ISSUER_CLIENTS_PATH).")
    Optional<Path> file;

    /** Clients, and when each of them was last used. */
    record Opened(Clients clients, LastUsed used) {}

    /**
     * @throws CommandFailed when a setting of the issuer is invalid
     * @throws ParameterException when no file is named
     */
    final Opened open() throws CommandFailed {
        IssuerConfig config = issuer.of(context());
        if (file.isEmpty()) {
            IssuerPaths.of(config).ifPresent(IssuerPaths::requireAllInPlace);
        }
        Optional<Path> path = file.or(config::clientsPath);
        if (path.isEmpty()) {
            throw misuse(
                    "Name the clients file: --file FILE, ISSUER_CLIENTS_PATH, or the settings by"
                            + " --config FILE");
        }
        Clients clients = Clients.open(path.get(), CLOCK);
        return new Opened(clients, LastUsed.of(clients, path.get(), CLOCK));
    }
}
