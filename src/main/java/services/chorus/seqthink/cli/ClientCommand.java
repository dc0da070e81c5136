package services.chorus.seqthink.cli;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import services.chorus.seqthink.issuer.IssuerConfig;
import services.chorus.seqthink.issuer.IssuerStorage;
import services.chorus.seqthink.issuer.clients.Client;
import services.chorus.seqthink.issuer.clients.Clients;
import services.chorus.seqthink.issuer.clients.LastUsed;

@Command(
        name = "client",
        description = {
            "Manage the clients of the built-in issuer.",
            "A running issuer applies each change within seconds. Tokens that a client already has"
                    + " stay valid until they expire or are revoked."
        },
        subcommands = {
            CredentialCommand.Add.class,
            ClientListCommand.class,
            ClientCommand.Disable.class,
            ClientCommand.Enable.class,
            ClientCommand.Remove.class,
            CredentialCommand.Rotate.class
        })
final class ClientCommand extends BaseCommand.Group {

    @Command(
            name = "disable",
            description = "Refuse new tokens to a client until it is enabled again.")
    static final class Disable extends Change {

        @Override
        void change(Opened opened) {
            opened.clients().disable(id);
            say("is disabled");
        }
    }

    @Command(name = "enable", description = "Let a disabled client get tokens again.")
    static final class Enable extends Change {

        @Override
        void change(Opened opened) {
            opened.clients().enable(id);
            say("is enabled");
            opened.clients()
                    .find(id)
                    .flatMap(Client::expiresAt)
                    .filter(end -> !CLOCK.instant().isBefore(end))
                    .ifPresent(end -> say("still gets no tokens: it expired at " + end));
        }
    }

    @Command(name = "remove", description = "Remove a client; its id can be used again.")
    static final class Remove extends Change {

        @Override
        void change(Opened opened) {
            opened.clients().remove(id);
            opened.used().close();
            say("is removed");
        }
    }

    abstract static class OneClient extends ClientsCommand {

        @Parameters(paramLabel = "ID", description = "The client's id.")
        String id;
    }

    /** A change of one client that needs no other option. */
    abstract static class Change extends OneClient {

        abstract void change(Opened opened);

        final void say(String what) {
            out().println(id + " " + what);
        }

        @Override
        public final Integer call() throws CommandFailed {
            change(open());
            return ExitCode.OK;
        }
    }

    /** A command on the clients in {@code --file}, by default those of the configured issuer. */
    abstract static class ClientsCommand extends BaseCommand {

        static final InstantSource CLOCK = InstantSource.system();

        @Mixin IssuerOptions issuer;

        @Option(
                names = "--file",
                paramLabel = "FILE",
                description = "The clients file (default: ISSUER_CLIENTS_PATH).")
        Optional<Path> file;

        /** A clients file, its clients, and when each of them was last used. */
        record Opened(Path file, Clients clients, LastUsed used) {}

        final Opened open() throws CommandFailed {
            IssuerConfig config = issuer.of(context());
            if (file.isEmpty()) {
                IssuerStorage.of(config).ifPresent(IssuerStorage::requireAllInPlace);
            }
            Optional<Path> path = file.or(config::clientsPath);
            if (path.isEmpty()) {
                throw misuse(
                        "no clients file: give --file FILE, set ISSUER_CLIENTS_PATH, or give the"
                                + " settings with --config FILE");
            }
            warnOfAccess(path.get());
            Clients clients = Clients.open(path.get(), CLOCK);
            return new Opened(path.get(), clients, new LastUsed(clients, path.get(), CLOCK));
        }
    }
}
