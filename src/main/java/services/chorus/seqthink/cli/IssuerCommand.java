package services.chorus.seqthink.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import services.chorus.seqthink.app.Version;

/** The built-in issuer, apart from its clients. */
@Command(
        name = "issuer",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = {
            "Manage the built-in issuer.",
            "A running issuer takes up within seconds what is changed."
        },
        subcommands = {
            IssuerRotateCommand.class,
            IssuerBackupCommand.class,
            IssuerRestoreCommand.class,
            IssuerRevokeCommand.class,
        })
final class IssuerCommand implements Runnable {

    @ParentCommand RootCommand root;

    @Spec CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Say what to do, such as: issuer rotate");
    }
}
