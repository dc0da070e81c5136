package services.chorus.seqthink.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import services.chorus.seqthink.age.KeyIdentity;
import services.chorus.seqthink.client.Credentials;
import services.chorus.seqthink.client.EventFeed;
import services.chorus.seqthink.client.GatewayClient;
import services.chorus.seqthink.client.GatewayClient.Followed;
import services.chorus.seqthink.client.GatewayClient.Timeouts;
import services.chorus.seqthink.client.KnownGateways;
import services.chorus.seqthink.client.KnownGateways.Trust;
import services.chorus.seqthink.client.RecipientSource;
import services.chorus.seqthink.client.Reply;
import services.chorus.seqthink.client.StreamVerifier;
import services.chorus.seqthink.client.StreamVerifier.Event;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.protocol.After;

/** A command that calls a gateway as the holder of a token and of identities. */
abstract class GatewayCommand extends BaseCommand {

    @Parameters(paramLabel = "URL", description = "The door's public URL.")
    String url;

    @Mixin RecipientOptions recipients;

    @ArgGroup Introduction introduction = new Introduction();

    @Option(
            names = "--known-doors",
            paramLabel = "FILE",
            description =
                    "Where known doors are kept (default: seqthink/known-doors.json in"
                            + " $XDG_CONFIG_HOME or ~/.config).")
    Optional<Path> knownDoors;

    @Mixin IdentityOptions identities;

    @Option(
            names = "--token-file",
            required = true,
            paramLabel = "FILE",
            description = "The access token.")
    Path tokenFile;

    @Option(
            names = "--dpop-key",
            paramLabel = "FILE",
            description = "The key that the token is bound to, as keygen --dpop writes it.")
    Optional<Path> dpopKey;

    @Mixin TrustOptions trust;

    @Option(names = "--session", paramLabel = "NAME", description = "A history of its own.")
    Optional<String> session;

    /** Why the key of a gateway is trusted that is not known yet. */
    static final class Introduction {

        @Option(
                names = "--door",
                paramLabel = "FINGERPRINT",
                description = "Ask the door whom to seal to; its key has this fingerprint.")
        Optional<String> fingerprint;

        @Option(
                names = "--trust-first-use",
                description = "Ask the door whom to seal to, and take its key on trust this once.")
        boolean firstUse;

        Trust trust() {
            return fingerprint
                    .<Trust>map(Trust.Fingerprint::new)
                    .orElseGet(() -> firstUse ? new Trust.FirstUse() : new Trust.KnownOnly());
        }
    }

    final Credentials credentials() throws IOException {
        List<KeyIdentity> all = identities.all();
        String token = Credentials.readToken(tokenFile);
        return new Credentials(token, Credentials.readDpopKey(dpopKey), all);
    }

    final GatewayClient gateway(Credentials caller, Duration timeout)
            throws IOException, CommandFailed {
        return new GatewayClient(
                url,
                recipientSource(),
                caller,
                new Timeouts(timeout, context().silence()),
                trust.authorities());
    }

    private RecipientSource recipientSource() throws IOException {
        Trust reason = introduction.trust();
        boolean introduced = !(reason instanceof Trust.KnownOnly);
        if (recipients.given()) {
            if (introduced) {
                throw misuse("Give recipients, or let the door say them, but not both");
            }
            return new RecipientSource.Given(recipients.all());
        }
        Path file =
                knownDoors.orElseGet(
                        () -> KnownGateways.defaultFile(context().sources().environment()));
        KnownGateways known = new KnownGateways(file, InstantSource.system());
        if (!introduced && known.find(GatewayClient.checked(url)).isEmpty()) {
            throw misuse(
                    "Say whom to seal to: with --door and the fingerprint of the door's key, or"
                            + " with --recipient or -R");
        }
        return new RecipientSource.Signed(known, reason);
    }

    @Command(
            name = "call",
            description = {
                "Call a tool through a door and print its result.",
                "Whom to seal to is said by hand, or by the door itself: it signs that with a key which"
                        + " --door names once and which is known from then on.",
                "The tool's arguments are a JSON object on standard input."
            })
    static final class Call extends GatewayCommand {

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
        public Integer call() throws IOException, InterruptedException, CommandFailed {
            Optional<ObjectNode> arguments = StrictJson.parseObject(context().in().readAllBytes());
            if (arguments.isEmpty()) {
                throw new CommandFailed(
                        "give the tool's arguments on standard input, a JSON object");
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

    @Command(
            name = "follow",
            description = {
                "Print your thoughts at a door as they complete, one JSON object a line.",
                "Ends with the stream, as when the token expires, and says then where to go on."
            })
    static final class Follow extends GatewayCommand {

        private static final Duration ANSWER = Duration.ofSeconds(30);

        @Option(
                names = "--after",
                paramLabel = "EPOCH:N",
                description = "Go on after this thought; without it, from the oldest there is.")
        Optional<After> after;

        @Override
        public Integer call() throws IOException, InterruptedException, CommandFailed {
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

        private int print(EventFeed feed) throws IOException {
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
}
