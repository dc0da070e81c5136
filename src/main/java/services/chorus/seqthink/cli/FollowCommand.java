package services.chorus.seqthink.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.TypeConversionException;
import services.chorus.seqthink.age.Encoding;
import services.chorus.seqthink.age.KeyIdentity;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.sealing.After;
import services.chorus.seqthink.sealing.IncomingReply;
import services.chorus.seqthink.sealing.IncomingStream;
import services.chorus.seqthink.sealing.OutgoingRequest;
import services.chorus.seqthink.sealing.OutgoingRequest.Addressing;

/** Prints a caller's thoughts as they complete, and says how their stream ended. */
@Command(
        name = "follow",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = {
            "Print your thoughts at a door as they complete, one JSON object a line.",
            "Ends with the stream, as when the token expires, and says then where to go on."
        })
final class FollowCommand implements Callable<Integer> {

    private static final String ROUTE = "/mcp/sse";
    private static final int KEY_CONFIG = 422;
    private static final Duration ANSWER = Duration.ofSeconds(30);
    private static final int LARGEST = 64 * 1024 * 1024;
    private static final int CHUNK = 64 * 1024;

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

    @Option(names = "--session", paramLabel = "NAME", description = "A history of its own.")
    String session;

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
    public Integer call() throws IOException, InterruptedException, CommandFailed {
        List<KeyIdentity> keys = identities.all();
        String token = EnvelopeOptions.readToken(tokenFile);
        byte[] plaintext = request();
        try (DoorClient client = new DoorClient(url, ANSWER)) {
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
            HttpResponse<InputStream> answer = client.stream(ROUTE, token, header(request));
            if (answer.statusCode() == KEY_CONFIG) {
                answer.body().close();
                request =
                        request.sealAgain(
                                plaintext,
                                addressing,
                                addressee.instead(),
                                Encoding.BINARY,
                                Instant.now());
                answer = client.stream(ROUTE, token, header(request));
            }
            try (InputStream body = answer.body()) {
                return answer.statusCode() == 200
                        ? follow(body, request, keys)
                        : refused(answer, body.readNBytes(LARGEST), request, keys);
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

    private static String header(OutgoingRequest request) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(request.sealed());
    }

    private int follow(InputStream body, OutgoingRequest request, List<KeyIdentity> keys)
            throws IOException, CommandFailed {
        IncomingStream stream = new IncomingStream(request.binding(), Optional.ofNullable(after));
        try {
            for (byte[] data : new EventReader(body, CHUNK, LARGEST)) {
                print(stream.next(opened(data, keys)));
            }
        } finally {
            sayWhereToGoOn(stream);
        }
        if (stream.isTruncated()) {
            throw new CommandFailed("the stream was cut off: there may be more");
        }
        return ExitCode.OK;
    }

    private static byte[] opened(byte[] data, List<KeyIdentity> keys)
            throws IOException, CommandFailed {
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

    private int refused(
            HttpResponse<?> head, byte[] body, OutgoingRequest request, List<KeyIdentity> keys)
            throws IOException, CommandFailed {
        byte[] opened = SealedAnswer.open(head, body, keys);
        return switch (IncomingReply.of(opened, request.binding())) {
            case IncomingReply.Foreign(String why) -> throw new CommandFailed(why);
            case IncomingReply.Genuine(int status, ObjectNode members) -> {
                root.surroundings().err().println(members.path("error").toPrettyString());
                yield ExitCode.SOFTWARE;
            }
        };
    }
}
