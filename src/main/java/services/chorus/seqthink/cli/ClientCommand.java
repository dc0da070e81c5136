package services.chorus.seqthink.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import services.chorus.seqthink.app.Version;

/** The clients of the built-in issuer. */
@Command(
        name = "client",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
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
final class ClientCommand implements Runnable {

    @ParentCommand RootCommand root;

    @Spec CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Say what to do, such as: client add ID");
    }

    /** Serves a client no more, until it is enabled. */
    @Command(
            name = "disable",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class,
            description = "Give a client no more tokens, until it is enabled again.")
    static final class Disable extends Change {

        @Override
        void change(ClientsFile.Opened opened) {
            opened.clients().disable(id);
            say("is disabled");
        }
    }

    /** Serves a client again. */
    @Command(
            name = "enable",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class,
            description = "Give a disabled client tokens again.")
    static final class Enable extends Change {

        @Override
        void change(ClientsFile.Opened opened) {
            opened.clients().enable(id);
            say("is enabled");
            opened.clients()
                    .find(id)
                    .flatMap(client -> client.expiresAt())
                    .filter(end -> !ClientsFile.CLOCK.instant().isBefore(end))
                    .ifPresent(end -> say("is not served all the same: it expired at " + end));
        }
    }

    /** Forgets a client. */
    @Command(
            name = "remove",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class,
            description = "Forget a client; its id can be given to another.")
    static final class Remove extends Change {

        @Override
        void change(ClientsFile.Opened opened) {
            opened.clients().remove(id);
            opened.used().close();
            say("is removed");
        }
    }

    /** One step with one client. */
    abstract static class Change implements Callable<Integer> {

        @ParentCommand ClientCommand client;

        @Parameters(paramLabel = "ID", description = "The client's id.")
        String id;

        @Mixin ClientsFile file;

        abstract void change(ClientsFile.Opened opened);

        final void say(String what) {
            client.root.surroundings().out().println(id + " " + what);
        }

        @Override
        public final Integer call() throws CommandFailed {
            change(file.open(client.root.surroundings()));
            return ExitCode.OK;
        }
    }
}
