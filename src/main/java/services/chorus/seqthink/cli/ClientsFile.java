package services.chorus.seqthink.cli;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import services.chorus.seqthink.issuer.IssuerConfig;
import services.chorus.seqthink.issuer.IssuerPaths;
import services.chorus.seqthink.issuer.clients.Clients;
import services.chorus.seqthink.issuer.clients.LastUsed;

/** Where the clients of an issuer are kept: in the file that is named, else in serve's. */
final class ClientsFile {

    static final InstantSource CLOCK = InstantSource.system();

    @Spec(Spec.Target.MIXEE)
    CommandSpec spec;

    @Mixin IssuerOptions issuer;

    @Option(
            names = "--file",
            paramLabel = "FILE",
            description = "The clients file (default: ISSUER_CLIENTS_PATH).")
    Optional<Path> file;

    /** Clients, and when each of them was last used. */
    record Opened(Clients clients, LastUsed used) {}

    /**
     * @throws CommandFailed when a setting of the issuer is of no use
     * @throws ParameterException when no file is named
     */
    Opened open(Surroundings surroundings) throws CommandFailed {
        IssuerConfig config = issuer.of(surroundings);
        if (file.isEmpty()) {
            IssuerPaths.of(config).ifPresent(IssuerPaths::requireAllInPlace);
        }
        Path path =
                file.or(config::clientsPath)
                        .orElseThrow(
                                () ->
                                        new ParameterException(
                                                spec.commandLine(),
                                                "Name the clients file: --file FILE,"
                                                        + " ISSUER_CLIENTS_PATH, or the settings"
                                                        + " by --config FILE"));
        Clients clients = Clients.open(path, CLOCK);
        return new Opened(clients, LastUsed.of(clients, path, CLOCK));
    }
}
