package services.chorus.seqthink.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import services.chorus.seqthink.app.Version;

/** What the door's policy would do. */
@Command(
        name = "policy",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Ask what the door's policy would do.",
        subcommands = ExplainCommand.class)
final class PolicyCommand implements Runnable {

    @ParentCommand RootCommand root;

    @Spec CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "Say what to ask, such as: policy explain --help");
    }
}
