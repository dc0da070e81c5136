package services.chorus.seqthink.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;
import services.chorus.seqthink.config.Form;
import services.chorus.seqthink.issuer.IssuerConfig;
import services.chorus.seqthink.issuer.IssuerStorage;
import services.chorus.seqthink.issuer.clients.Client;
import services.chorus.seqthink.issuer.clients.Clients;
import services.chorus.seqthink.issuer.clients.LastUsed;
import services.chorus.seqthink.issuer.clients.Registration;

/** The clients of the built-in issuer. */
@Command(
        name = "client",
        description = {
            "Manage the clients of the built-in issuer.",
            "A running issuer takes up each change within seconds. Tokens that a client has already"
                    + " last until their end, or until they are taken back."
        },
        subcommands = {
            ClientCommand.Add.class,
            ClientListCommand.class,
            ClientCommand.Disable.class,
            ClientCommand.Enable.class,
            ClientCommand.Remove.class,
            ClientCommand.Rotate.class
        })
final class ClientCommand extends BaseCommand {

    @Override
    public Integer call() {
        throw misuse("Say what to do, such as: client add ID");
    }

    /** Disables a client. */
    @Command(
            name = "disable",
            description = "Give a client no more tokens, until it is enabled again.")
    static final class Disable extends Change {

        @Override
        void change(ClientsCommand.Opened opened) {
            opened.clients().disable(id);
            say("is disabled");
        }
    }

    /** Enables a client again. */
    @Command(name = "enable", description = "Give a disabled client tokens again.")
    static final class Enable extends Change {

        @Override
        void change(ClientsCommand.Opened opened) {
            opened.clients().enable(id);
            say("is enabled");
            opened.clients()
                    .find(id)
                    .flatMap(client -> client.expiresAt())
                    .filter(end -> !ClientsCommand.CLOCK.instant().isBefore(end))
                    .ifPresent(end -> say("is not served all the same: it expired at " + end));
        }
    }

    /** Removes a client. */
    @Command(name = "remove", description = "Forget a client; its id can be given to another.")
    static final class Remove extends Change {

        @Override
        void change(ClientsCommand.Opened opened) {
            opened.clients().remove(id);
            opened.used().close();
            say("is removed");
        }
    }

    /** What all commands for one client share. */
    abstract static class OneClient extends ClientsCommand {

        @Parameters(paramLabel = "ID", description = "The client's id.")
        String id;
    }

    /** A change that needs nothing but the client's id. */
    abstract static class Change extends OneClient {

        abstract void change(ClientsCommand.Opened opened);

        final void say(String what) {
            out().println(id + " " + what);
        }

        @Override
        public final Integer call() throws CommandFailed {
            change(open());
            return ExitCode.OK;
        }
    }

    /** A command that works on the clients of an issuer: those in the file named, else serve's. */
    abstract static class ClientsCommand extends BaseCommand {

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
                IssuerStorage.of(config).ifPresent(IssuerStorage::requireAllInPlace);
            }
            Optional<Path> path = file.or(config::clientsPath);
            if (path.isEmpty()) {
                throw misuse(
                        "Name the clients file: --file FILE, ISSUER_CLIENTS_PATH, or the settings by"
                                + " --config FILE");
            }
            Clients clients = Clients.open(path.get(), CLOCK);
            return new Opened(clients, new LastUsed(clients, path.get(), CLOCK));
        }
    }

    /** Registers a client, and shows once what it proves itself with. */
    @Command(
            name = "add",
            description = {
                "Register a client. It proves itself by a key, whose private half is printed this once"
                        + " (private_key_jwt), unless an option says otherwise.",
                "Of a key only the public half is kept, of a secret only its hash. A running issuer"
                        + " takes the client up within seconds."
            })
    static final class Add extends OneClient {

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

    /** Gives a client another secret or key. */
    @Command(
            name = "rotate-secret",
            description = {
                "Give a client another secret or key, of the kind that it has unless an option says"
                        + " otherwise.",
                "The old one stops at once, or with --keep-old after a while."
            })
    static final class Rotate extends OneClient {

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
}
