package services.chorus.seqthink.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import services.chorus.seqthink.age.Encoding;
import services.chorus.seqthink.age.KeyIdentity;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.sealing.IncomingReply;
import services.chorus.seqthink.sealing.OutgoingRequest;
import services.chorus.seqthink.sealing.OutgoingRequest.Addressing;

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
final class CallCommand implements Callable<Integer> {

    private static final String ROUTE = "/mcp/tool";
    private static final int KEY_CONFIG = 422;

    @ParentCommand RootCommand root;

    @Parameters(paramLabel = "URL", description = "The door's public URL.")
    String url;

    @Mixin RecipientOptions recipients;

    @Mixin DoorOptions door;

    @Mixin IdentityOptions identities;

    @Option(
            names = "--token-file",
            required = true,
            paramLabel = "FILE",
            description = "The access token.")
    Path tokenFile;

    @Option(
            names = "--tool",
            defaultValue = "sequentialthinking",
            paramLabel = "NAME",
            description = "Which tool (default: ${DEFAULT-VALUE}).")
    String tool;

    @Option(names = "--session", paramLabel = "NAME", description = "A history of its own.")
    String session;

    @Option(
            names = "--timeout",
            defaultValue = "150",
            paramLabel = "SECONDS",
            description = "How long to wait for the reply (default: ${DEFAULT-VALUE}).")
    int timeoutSeconds;

    @Override
    public Integer call() throws IOException, InterruptedException, CommandFailed {
        List<KeyIdentity> keys = identities.all();
        String token = EnvelopeOptions.readToken(tokenFile);
        byte[] plaintext = request(root.surroundings().in().readAllBytes());
        try (DoorClient client = new DoorClient(url, Duration.ofSeconds(timeoutSeconds))) {
            Addressing addressing =
                    new Addressing(
                            token,
                            client.url() + ROUTE,
                            Optional.of(keys.getFirst().recipient()),
                            Optional.ofNullable(session));
            Addressee addressee =
                    door.addressee(recipients, client, root.surroundings().sources().environment());
            OutgoingRequest request =
                    OutgoingRequest.seal(
                            plaintext,
                            addressing,
                            addressee.recipients(),
                            Encoding.BINARY,
                            Instant.now());
            HttpResponse<byte[]> response = client.post(ROUTE, token, request.sealed());
            if (response.statusCode() == KEY_CONFIG) {
                request =
                        request.sealAgain(
                                plaintext,
                                addressing,
                                addressee.instead(),
                                Encoding.BINARY,
                                Instant.now());
                response = client.post(ROUTE, token, request.sealed());
            }
            return switch (IncomingReply.of(
                    SealedAnswer.open(response, response.body(), keys), request.binding())) {
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
