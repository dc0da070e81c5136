package services.chorus.seqthink.cli;

import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import services.chorus.seqthink.issuer.clients.Clients;
import services.chorus.seqthink.issuer.clients.Registration;

/** Registers a client, and shows once what it proves itself with. */
@Command(
        name = "add",
        description = {
            "Register a client. It proves itself by a key, whose private half is printed this once"
                    + " (private_key_jwt), unless an option says otherwise.",
            "Of a key only the public half is kept, of a secret only its hash. A running issuer"
                    + " takes the client up within seconds."
        })
final class ClientAddCommand extends ClientCommand.OneClient {

    @Mixin CredentialOptions credential;

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
    Optional<String> ageRecipient;

    @Option(
            names = "--require-dpop",
            description = "Give it no tokens but those that are bound to a key (DPoP).")
    boolean requireDpop;

    @Option(
            names = "--introspect",
            description = "Let it ask about the tokens of all clients, not only its own.")
    boolean introspect;

    @Option(
            names = "--expires",
            paramLabel = "TIME",
            description = "When it ends, such as 2027-01-31T00:00:00Z.")
    Optional<Instant> expires;

    @Override
    public Integer call() throws IOException, CommandFailed {
        Registration registration =
                new Registration(
                        id,
                        new LinkedHashSet<>(scopes),
                        ageRecipient,
                        expires,
                        requireDpop,
                        introspect);
        Clients clients = open().clients();
        credential.give(
                context(),
                given -> {
                    clients.add(registration, given);
                    out().println("client_id=" + id);
                });
        return ExitCode.OK;
    }
}
