package services.chorus.seqthink.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The entry point: picks a command. Only {@code serve} starts the service. */
@Command(
        name = "seqthink-wrapper",
        mixinStandardHelpOptions = true,
        description = "An age-sealed, token-guarded door in front of an MCP server.")
final class Main {

    private Main() {}

    public static void main(String... args) {
        System.exit(new CommandLine(new Main()).execute(args));
    }
}
