package services.chorus.seqthink.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;
import services.chorus.seqthink.client.CallFailed;
import services.chorus.seqthink.client.Credentials;
import services.chorus.seqthink.client.GatewayClient;
import services.chorus.seqthink.client.Reply;
import services.chorus.seqthink.json.StrictJson;

/** Calls a tool once, and prints its result or its error. */
@Command(
        name = "call",
        description = {
            "Call a tool through a door and print its result.",
            "Whom to seal to is said by hand, or by the door itself: it signs that with a key which"
                    + " --door names once and which is known from then on.",
            "The tool's arguments are a JSON object on standard input."
        })
final class CallCommand extends GatewayCommand {

    @Option(
            names = "--tool",
            defaultValue = "sequentialthinking",
            paramLabel = "NAME",
            description = "Which tool (default: ${DEFAULT-VALUE}).")
    String tool;

    @Option(
            names = "--timeout",
            defaultValue = "150",
            paramLabel = "SECONDS",
            description = "How long to wait for the reply (default: ${DEFAULT-VALUE}).")
    int timeoutSeconds;

    @Override
    public Integer call() throws IOException, InterruptedException, CommandFailed, CallFailed {
        Optional<ObjectNode> arguments = StrictJson.parseObject(context().in().readAllBytes());
        if (arguments.isEmpty()) {
            throw new CommandFailed("give the tool's arguments on standard input, a JSON object");
        }
        try (Credentials caller = credentials();
                GatewayClient gateway = gateway(caller, Duration.ofSeconds(timeoutSeconds))) {
            Reply reply = gateway.call(tool, arguments.get(), session);
            if (reply.members().has("error")) {
                err().println(reply.members().get("error").toPrettyString());
                return ExitCode.SOFTWARE;
            }
            out().println(reply.members().path("result").toPrettyString());
            return ExitCode.OK;
        }
    }
}
