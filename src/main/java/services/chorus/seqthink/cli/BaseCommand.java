package services.chorus.seqthink.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import services.chorus.seqthink.app.Version;

/** What all commands share: {@code --help}, {@code --version}, and the context they run in. */
@Command(mixinStandardHelpOptions = true, versionProvider = BaseCommand.VersionText.class)
abstract class BaseCommand implements Callable<Integer> {

    @Spec CommandSpec spec;

    static final class VersionText implements IVersionProvider {
        @Override
        public String[] getVersion() throws IOException {
            return new String[] {"seqthink-wrapper " + Version.current()};
        }
    }

    CommandContext context() {
        return ((RootCommand) spec.root().userObject()).context();
    }

    final PrintStream out() {
        return context().out();
    }

    final PrintStream err() {
        return context().err();
    }

    /** A command line that makes no sense; throwing it shows the message and the usage. */
    final ParameterException misuse(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
