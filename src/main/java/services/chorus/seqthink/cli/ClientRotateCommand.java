package services.chorus.seqthink.cli;

import java.io.IOException;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;
import services.chorus.seqthink.config.Form;
import services.chorus.seqthink.issuer.clients.Client;
import services.chorus.seqthink.issuer.clients.Clients;

/** Gives a client another secret or key. */
@Command(
        name = "rotate-secret",
        description = {
            "Give a client another secret or key, of the kind that it has unless an option says"
                    + " otherwise.",
            "The old one stops at once, or with --keep-old after a while."
        })
final class ClientRotateCommand extends ClientCommand.OneClient {

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
        Clients clients = open().clients();
        if (clients.find(id).filter(Client::hasSecret).isPresent()) {
            credential.preferSecret();
        }
        credential.give(
                context(),
                given -> {
                    clients.rotate(id, given, keepOld);
                    out().println("client_id=" + id);
                });
        String old =
                clients.find(id)
                        .flatMap(Client::formerUntil)
                        .map(until -> "the old one is taken until " + until)
                        .orElse("the old one is refused from now on");
        err().println(old);
        return ExitCode.OK;
    }
}
