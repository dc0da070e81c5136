package services.chorus.seqthink.cli;

import picocli.CommandLine.Command;

@Command(
        name = "seqthink-wrapper",
        description = "An end-to-end encrypted gateway in front of MCP servers.",
        subcommands = {
            ServeCommand.class,
            HealthcheckCommand.class,
            ServeCommand.Doctor.class,
            KeygenCommand.class,
            RotateCommand.class,
            SealCommand.class,
            SealCommand.Open.class,
            GatewayCommand.Call.class,
            GatewayCommand.Follow.class,
            TokenCommand.class,
            ClientCommand.class,
            IssuerCommand.class,
            PolicyCommand.class,
            AuditCommand.class,
        },
        footer = "Without a command: serve.")
final class RootCommand extends BaseCommand {

    private final CommandContext context;

    RootCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    CommandContext context() {
        return context;
    }

    @Override
    public Integer call() {
        return ServeCommand.serve(context, context.sources());
    }
}
