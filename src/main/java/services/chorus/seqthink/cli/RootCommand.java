package services.chorus.seqthink.cli;

import picocli.CommandLine.Command;

@Command(
        name = "seqthink-wrapper",
        description = "An age-sealed, token-guarded door in front of an MCP server.",
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
        footer = "Without a command it serves.")
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
