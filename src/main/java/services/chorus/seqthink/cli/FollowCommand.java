package services.chorus.seqthink.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;
import services.chorus.seqthink.age.KeyIdentity;
import services.chorus.seqthink.app.Version;
import services.chorus.seqthink.client.CallFailed;
import services.chorus.seqthink.client.DoorClient;
import services.chorus.seqthink.client.EventReader;
import services.chorus.seqthink.client.IncomingReply;
import services.chorus.seqthink.client.IncomingStream;
import services.chorus.seqthink.client.PatientStream;
import services.chorus.seqthink.client.SealedAnswer;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.protocol.After;

/** Prints a caller's thoughts as they complete, and says how their stream ended. */
@Command(
        name = "follow",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = {
            "Print your thoughts at a door as they complete, one JSON object a line.",
            "Ends with the stream, as when the token expires, and says then where to go on."
        })
final class FollowCommand extends DoorCommand {

    private static final String ROUTE = "/mcp/sse";
    private static final Duration ANSWER = Duration.ofSeconds(30);
    private static final int LARGEST = 64 * 1024 * 1024;
    private static final int CHUNK = 64 * 1024;

    @Option(
            names = "--after",
            paramLabel = "EPOCH:N",
            converter = Place.class,
            description = "Go on after this thought; without it, from the oldest there is.")
    After after;

    /** Reads a place as this command prints it. */
    static final class Place implements ITypeConverter<After> {

        @Override
        public After convert(String text) {
            int colon = text.lastIndexOf(':');
            return After.lastEventId(text.substring(colon + 1))
                    .filter(place -> colon >= 0)
                    .map(place -> new After(text.substring(0, colon), place.sequence()))
                    .orElseThrow(() -> new TypeConversionException("is not of the form EPOCH:N"));
        }
    }

    @Override
    public Integer call() throws IOException, InterruptedException, CommandFailed, CallFailed {
        try (DoorClient client = door(ANSWER)) {
            Sent<InputStream> sent =
                    send(
                            client,
                            ROUTE,
                            request(),
                            (caller, body) -> client.stream(ROUTE, caller, body));
            try (PatientStream body =
                    new PatientStream(sent.answer().body(), root.surroundings().patience())) {
                return sent.answer().statusCode() == 200
                        ? follow(body, sent)
                        : refused(body.readNBytes(LARGEST), sent);
            }
        }
    }

    private byte[] request() {
        ObjectNode request = StrictJson.object();
        if (after != null) {
            request.putObject(After.MEMBER)
                    .put("epoch", after.epoch())
                    .put("sequence", after.sequence());
        }
        return StrictJson.write(request);
    }

    private int follow(PatientStream body, Sent<InputStream> sent)
            throws IOException, CommandFailed, CallFailed {
        IncomingStream stream =
                new IncomingStream(sent.request().binding(), Optional.ofNullable(after));
        try {
            for (byte[] data : new EventReader(body, CHUNK, LARGEST)) {
                print(stream.next(opened(data, sent.keys())));
            }
        } finally {
            sayWhereToGoOn(stream);
        }
        if (stream.isTruncated()) {
            throw new CommandFailed(
                    body.fellSilent()
                            ? "the stream fell silent and counts as cut off: there may be more"
                            : "the stream was cut off: there may be more");
        }
        return ExitCode.OK;
    }

    private static byte[] opened(byte[] data, List<KeyIdentity> keys)
            throws IOException, CommandFailed, CallFailed {
        try {
            return SealedAnswer.open(Base64.getDecoder().decode(data), keys, "an event");
        } catch (IllegalArgumentException e) {
            throw new CommandFailed("an event is not sealed");
        }
    }

    private void print(IncomingStream.Outcome outcome) throws CommandFailed {
        PrintStream err = root.surroundings().err();
        switch (outcome) {
            case IncomingStream.Opened(boolean lost) -> {
                if (lost) {
                    err.println("Some of what came after that place is not there any more.");
                }
            }
            case IncomingStream.Thought(ObjectNode members) -> {
                PrintStream out = root.surroundings().out();
                out.println(new String(StrictJson.write(members), StandardCharsets.UTF_8));
                out.flush();
            }
            case IncomingStream.Ended(String reason) -> err.println("The door ended it: " + reason);
            case IncomingStream.Foreign(String why) -> throw new CommandFailed(why);
        }
    }

    private void sayWhereToGoOn(IncomingStream stream) {
        stream.last()
                .ifPresent(
                        last ->
                                root.surroundings()
                                        .err()
                                        .println(
                                                "Go on with --after %s:%d"
                                                        .formatted(last.epoch(), last.sequence())));
    }

    private int refused(byte[] body, Sent<InputStream> sent)
            throws IOException, CommandFailed, CallFailed {
        byte[] opened = SealedAnswer.open(sent.answer(), body, sent.keys());
        return switch (IncomingReply.of(opened, sent.request().binding())) {
            case IncomingReply.Foreign(String why) -> throw new CommandFailed(why);
            case IncomingReply.Genuine(int status, ObjectNode members) -> {
                root.surroundings().err().println(members.path("error").toPrettyString());
                yield ExitCode.SOFTWARE;
            }
        };
    }
}
