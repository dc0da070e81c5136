package services.chorus.seqthink.cli;

import java.nio.file.Path;
import java.time.InstantSource;
import picocli.CommandLine.Option;
import services.chorus.seqthink.issuer.clients.Clients;
import services.chorus.seqthink.issuer.clients.LastUsed;

/** The clients of an issuer, and where they are kept. */
final class ClientsFile {

    static final InstantSource CLOCK = InstantSource.system();

    @Option(
            names = "--file",
            required = true,
            defaultValue = "${env:ISSUER_CLIENTS_PATH}",
            paramLabel = "FILE",
            description = "The clients file (default: ISSUER_CLIENTS_PATH).")
    Path path;

    Clients open() {
        return Clients.open(path, CLOCK);
    }

    /** When each of them was last used. */
    LastUsed used(Clients clients) {
        return LastUsed.of(clients, path, CLOCK);
    }
}
