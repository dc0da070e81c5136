package services.chorus.seqthink.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import services.chorus.seqthink.app.Version;

/** Picks a command, {@code serve} where none is named. */
@Command(
        name = "seqthink-wrapper",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "An age-sealed, token-guarded door in front of an MCP server.",
        subcommands = {
            ServeCommand.class,
            HealthcheckCommand.class,
            DoctorCommand.class,
            KeygenCommand.class,
            RotateCommand.class,
            SealCommand.class,
            OpenCommand.class,
            CallCommand.class,
            FollowCommand.class,
            TokenCommand.class,
            ClientCommand.class,
            IssuerCommand.class,
            PolicyCommand.class,
            AuditCommand.class,
        },
        footer = "Without a command it serves.")
record RootCommand(Surroundings surroundings) implements Callable<Integer> {

    @Override
    public Integer call() {
        return ServeCommand.serve(surroundings, surroundings.sources());
    }
}
