package services.chorus.seqthink.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;
import services.chorus.seqthink.client.CallFailed;
import services.chorus.seqthink.client.Credentials;
import services.chorus.seqthink.client.EventFeed;
import services.chorus.seqthink.client.GatewayClient;
import services.chorus.seqthink.client.GatewayClient.Followed;
import services.chorus.seqthink.client.Reply;
import services.chorus.seqthink.client.StreamVerifier;
import services.chorus.seqthink.client.StreamVerifier.Event;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.protocol.After;

/** Prints a caller's thoughts as they complete, and how their stream ended. */
@Command(
        name = "follow",
        description = {
            "Print your thoughts at a door as they complete, one JSON object a line.",
            "Ends with the stream, as when the token expires, and says then where to go on."
        })
final class FollowCommand extends GatewayCommand {

    private static final Duration ANSWER = Duration.ofSeconds(30);

    @Option(
            names = "--after",
            paramLabel = "EPOCH:N",
            converter = Place.class,
            description = "Go on after this thought; without it, from the oldest there is.")
    Optional<After> after;

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
        try (Credentials caller = credentials();
                GatewayClient gateway = gateway(caller, ANSWER)) {
            return switch (gateway.follow(after, session)) {
                case Followed.Events(EventFeed feed) -> print(feed);
                case Followed.Refused(Reply reply) -> {
                    err().println(reply.members().path("error").toPrettyString());
                    yield ExitCode.SOFTWARE;
                }
            };
        }
    }

    private int print(EventFeed feed) throws IOException, CallFailed {
        try (feed) {
            for (Optional<Event> event = feed.next(); event.isPresent(); event = feed.next()) {
                print(event.get());
            }
            return ExitCode.OK;
        } finally {
            feed.last().ifPresent(this::printWhereToGoOn);
        }
    }

    private void print(Event event) {
        switch (event) {
            case StreamVerifier.Opened(boolean lost) -> {
                if (lost) {
                    err().println("Some of what came after that place is not there any more.");
                }
            }
            case StreamVerifier.Thought(ObjectNode members) -> {
                out().println(new String(StrictJson.write(members), UTF_8));
                out().flush();
            }
            case StreamVerifier.Ended(String reason) ->
                    err().println("The door ended it: " + reason);
        }
    }

    private void printWhereToGoOn(After last) {
        err().println("Go on with --after %s:%d".formatted(last.epoch(), last.sequence()));
    }
}
