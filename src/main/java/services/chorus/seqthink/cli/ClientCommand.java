package services.chorus.seqthink.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Parameters;

/** The clients of the built-in issuer. */
@Command(
        name = "client",
        description = {
            "Manage the clients of the built-in issuer.",
            "A running issuer takes up each change within seconds. Tokens that a client has already"
                    + " last until their end, or until they are taken back."
        },
        subcommands = {
            ClientAddCommand.class,
            ClientListCommand.class,
            ClientCommand.Disable.class,
            ClientCommand.Enable.class,
            ClientCommand.Remove.class,
            ClientRotateCommand.class
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
}
