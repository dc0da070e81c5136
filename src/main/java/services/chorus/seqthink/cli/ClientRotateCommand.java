package services.chorus.seqthink.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.TypeConversionException;
import services.chorus.seqthink.app.Version;
import services.chorus.seqthink.config.Form;
import services.chorus.seqthink.issuer.clients.Client;
import services.chorus.seqthink.issuer.clients.Clients;

/** Gives a client another secret or key. */
@Command(
        name = "rotate-secret",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = {
            "Give a client another secret or key, of the kind that it has unless an option says"
                    + " otherwise.",
            "The old one stops at once, or with --keep-old after a while."
        })
final class ClientRotateCommand implements Callable<Integer> {

    @ParentCommand ClientCommand client;

    @Parameters(paramLabel = "ID", description = "The client's id.")
    String id;

    @Mixin CredentialOptions credential;

    @Option(
            names = "--keep-old",
            paramLabel = "DURATION",
            defaultValue = "0s",
            converter = Length.class,
            description =
                    "How long the old one is taken as well, such as 24h; 30d at most (default:"
                            + " ${DEFAULT-VALUE}).")
    Duration keepOld;

    @Mixin ClientsFile file;

    /** A duration as the service's own settings are written. */
    static final class Length implements ITypeConverter<Duration> {

        @Override
        public Duration convert(String value) {
            try {
                return Form.parseDuration(value);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(
                        "'" + value + "' is no duration: write 90s, 15m, 24h or 7d");
            }
        }
    }

    @Override
    public Integer call() throws IOException, CommandFailed {
        Surroundings surroundings = client.root.surroundings();
        PrintStream out = surroundings.out();
        Clients clients = file.open(surroundings).clients();
        if (clients.find(id).filter(Client::hasSecret).isPresent()) {
            credential.preferSecret();
        }
        credential.give(
                surroundings,
                given -> {
                    clients.rotate(id, given, keepOld);
                    out.println("client_id=" + id);
                });
        surroundings
                .err()
                .println(
                        clients.find(id)
                                .flatMap(Client::formerUntil)
                                .map(until -> "the old one is taken until " + until)
                                .orElse("the old one is refused from now on"));
        return ExitCode.OK;
    }
}
