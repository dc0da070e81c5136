package services.chorus.seqthink.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;
import services.chorus.seqthink.app.Version;
import services.chorus.seqthink.client.CallFailed;
import services.chorus.seqthink.client.DoorClient;
import services.chorus.seqthink.client.IncomingReply;
import services.chorus.seqthink.client.SealedAnswer;
import services.chorus.seqthink.json.StrictJson;

/** The smallest real client: envelopes, seals, calls, opens, and believes only its own reply. */
@Command(
        name = "call",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = {
            "Call a tool through a door and print its result.",
            "Whom to seal to is said by hand, or by the door itself: it signs that with a key which"
                    + " --door names once and which is known from then on.",
            "The tool's arguments are a JSON object on standard input."
        })
final class CallCommand extends DoorCommand {

    private static final String ROUTE = "/mcp/tool";

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
        byte[] plaintext = request(root.surroundings().in().readAllBytes());
        try (DoorClient client = door(Duration.ofSeconds(timeoutSeconds))) {
            Sent<byte[]> sent =
                    send(
                            client,
                            ROUTE,
                            plaintext,
                            (caller, body) -> client.post(ROUTE, caller, body));
            byte[] opened = SealedAnswer.open(sent.answer(), sent.answer().body(), sent.keys());
            return switch (IncomingReply.of(opened, sent.request().binding())) {
                case IncomingReply.Foreign(String why) -> throw new CommandFailed(why);
                case IncomingReply.Genuine(int status, ObjectNode members) -> print(members);
            };
        }
    }

    private byte[] request(byte[] arguments) throws CommandFailed {
        ObjectNode payload =
                StrictJson.parseObject(arguments)
                        .orElseThrow(
                                () ->
                                        new CommandFailed(
                                                "give the tool's arguments on standard input, a"
                                                        + " JSON object"));
        ObjectNode request = StrictJson.object().put("tool", tool);
        request.set("payload", payload);
        return StrictJson.write(request);
    }

    private int print(ObjectNode members) {
        if (members.has("error")) {
            root.surroundings().err().println(members.get("error").toPrettyString());
            return ExitCode.SOFTWARE;
        }
        root.surroundings().out().println(members.path("result").toPrettyString());
        return ExitCode.OK;
    }
}
