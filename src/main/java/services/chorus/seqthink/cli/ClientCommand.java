package services.chorus.seqthink.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import services.chorus.seqthink.issuer.clients.ClientSecret;
import services.chorus.seqthink.issuer.clients.Clients;
import services.chorus.seqthink.issuer.clients.Registration;

/** The clients of the built-in issuer. */
@Command(
        name = "client",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Manage the clients of the built-in issuer.",
        subcommands = ClientCommand.Add.class)
final class ClientCommand implements Runnable {

    @Spec CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Say what to do, such as: client add ID");
    }

    /** Registers a client and shows its secret, once. */
    @Command(
            name = "add",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class,
            description = {
                "Register a client and print its secret.",
                "The secret is shown this once; only its hash is kept. A running issuer takes the"
                        + " client up within seconds."
            })
    static final class Add implements Callable<Integer> {

        @Spec CommandSpec spec;

        @Parameters(paramLabel = "ID", description = "The client's id.")
        String id;

        @Option(
                names = "--scope",
                paramLabel = "SCOPE",
                split = ",",
                defaultValue = "sequentialthinking.run",
                description = "A scope it may ask for; several times (default: ${DEFAULT-VALUE}).")
        List<String> scopes;

        @Option(
                names = "--age-recipient",
                paramLabel = "AGE1...",
                description = "Whom replies to this client are sealed to, always.")
        String ageRecipient;

        @Option(
                names = "--expires",
                paramLabel = "TIME",
                description = "When it ends, such as 2027-01-31T00:00:00Z.")
        Instant expires;

        @Option(
                names = "--file",
                required = true,
                defaultValue = "${env:ISSUER_CLIENTS_PATH}",
                paramLabel = "FILE",
                description = "The clients file (default: ISSUER_CLIENTS_PATH).")
        Path file;

        @Override
        public Integer call() {
            Registration registration =
                    new Registration(
                            id,
                            new LinkedHashSet<>(scopes),
                            Optional.ofNullable(ageRecipient),
                            Optional.ofNullable(expires));
            PrintWriter out = spec.commandLine().getOut();
            try (ClientSecret secret = Clients.open(file, Clock.systemUTC()).add(registration)) {
                out.println("client_id=" + registration.clientId());
                out.println("client_secret=" + new String(secret.reveal(), US_ASCII));
                out.flush();
            }
            return ExitCode.OK;
        }
    }
}
