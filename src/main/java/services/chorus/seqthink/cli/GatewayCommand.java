package services.chorus.seqthink.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintStream;
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

/** A command that calls a gateway. */
abstract class GatewayCommand extends BaseCommand {

    @Parameters(
            paramLabel = "URL",
            description = "The gateway's public URL, such as https://mcp.example.")
    String url;

    @Mixin RecipientOptions recipients;

    @ArgGroup Introduction introduction = new Introduction();

    @Option(
            names = "--known-doors",
            paramLabel = "FILE",
            description =
                    "The file of known gateways (default: seqthink/known-doors.json in"
                            + " $XDG_CONFIG_HOME or ~/.config).")
    Optional<Path> knownDoors;

    @Mixin IdentityOptions identities;

    @Option(
            names = "--token-file",
            required = true,
            paramLabel = "FILE",
            description = "A file that holds the access token.")
    Path tokenFile;

    @Option(
            names = "--dpop-key",
            paramLabel = "FILE",
            description = "The key that the token is bound to, as keygen --dpop writes it.")
    Optional<Path> dpopKey;

    @Mixin TrustOptions trust;

    @Option(
            names = "--session",
            paramLabel = "NAME",
            description = "Use the history of this name (default: default).")
    Optional<String> session;

    /** Why the key of an unknown gateway is trusted. */
    static final class Introduction {

        @Option(
                names = "--door",
                paramLabel = "FINGERPRINT",
                description = "Fetch the recipients, signed by the door key of this fingerprint.")
        Optional<String> fingerprint;

        @Option(
                names = "--trust-first-use",
                description = "Fetch the recipients, and trust the key that signs them this once.")
        boolean firstUse;

        Trust trust() {
            return fingerprint
                    .<Trust>map(Trust.Fingerprint::new)
                    .orElseGet(() -> firstUse ? new Trust.FirstUse() : new Trust.KnownOnly());
        }
    }

    final Credentials credentials() throws IOException {
        List<KeyIdentity> all = identities.all();
        warnOfAccess(tokenFile);
        dpopKey.ifPresent(this::warnOfAccess);
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

    static void print(JsonNode json, PrintStream out) {
        StrictJson.pretty(json).lines().forEach(out::println);
    }

    private RecipientSource recipientSource() throws IOException {
        Trust reason = introduction.trust();
        boolean introduced = !(reason instanceof Trust.KnownOnly);
        if (recipients.given()) {
            if (introduced) {
                throw misuse(
                        "--recipient and -R cannot be combined with --door or --trust-first-use");
            }
            return new RecipientSource.Given(recipients.all());
        }
        Path file =
                knownDoors.orElseGet(
                        () -> KnownGateways.defaultFile(context().sources().environment()));
        warnOfAccess(file);
        KnownGateways known = new KnownGateways(file, InstantSource.system());
        if (!introduced && known.find(GatewayClient.checked(url)).isEmpty()) {
            throw misuse(
                    "this gateway is not known yet: give --door with the fingerprint of its door"
                            + " key, or its recipients with --recipient or -R");
        }
        return new RecipientSource.Signed(known, reason);
    }

    @Command(
            name = "call",
            description = {
                "Call a tool through a gateway and print its result.",
                "Give the tool's arguments as a JSON object on standard input. The request is"
                        + " sealed to the recipients given, or to those that the gateway signs with its"
                        + " door key. Give that key's fingerprint with --door at the first call; later"
                        + " calls do not need it."
            })
    static final class Call extends GatewayCommand {

        @Option(
                names = "--tool",
                defaultValue = "sequentialthinking",
                paramLabel = "NAME",
                description = "The tool (default: ${DEFAULT-VALUE}).")
        String tool;

        @Option(
                names = "--timeout",
                defaultValue = "150",
                paramLabel = "SECONDS",
                description = "How long to wait for the reply (default: ${DEFAULT-VALUE}).")
        int timeoutSeconds;

        @Override
        public Integer call() throws IOException, InterruptedException, CommandFailed {
            if (timeoutSeconds < 1) {
                throw misuse("--timeout must be 1 or more");
            }
            Optional<ObjectNode> arguments = StrictJson.parseObject(context().in().readAllBytes());
            if (arguments.isEmpty()) {
                throw new CommandFailed(
                        "standard input is not one JSON object: give the tool's arguments, such as"
                                + " {}");
            }
            try (Credentials caller = credentials();
                    GatewayClient gateway = gateway(caller, Duration.ofSeconds(timeoutSeconds))) {
                Reply reply = gateway.call(tool, arguments.get(), session);
                if (reply.members().has("error")) {
                    print(reply.members().get("error"), err());
                    return ExitCode.SOFTWARE;
                }
                print(reply.members().path("result"), out());
                return ExitCode.OK;
            }
        }
    }

    @Command(
            name = "follow",
            description = {
                "Print your thoughts at a gateway as they complete, one JSON object on each line.",
                "Ends when the stream ends, for example when the token expires, and prints the"
                        + " --after to continue with."
            })
    static final class Follow extends GatewayCommand {

        private static final Duration ANSWER = Duration.ofSeconds(30);

        @Option(
                names = "--after",
                paramLabel = "EPOCH:N",
                description = "Continue after this thought (default: begin with the oldest).")
        Optional<After> after;

        @Override
        public Integer call() throws IOException, InterruptedException, CommandFailed {
            try (Credentials caller = credentials();
                    GatewayClient gateway = gateway(caller, ANSWER)) {
                return switch (gateway.follow(after, session)) {
                    case Followed.Events(EventFeed feed) -> print(feed);
                    case Followed.Refused(Reply reply) -> {
                        print(reply.members().path("error"), err());
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
                feed.last().ifPresent(this::printPlaceToContinue);
            }
        }

        private void print(Event event) {
            switch (event) {
                case StreamVerifier.Opened(boolean lost) -> {
                    if (lost) {
                        err().println("Some thoughts after that place are no longer available.");
                    }
                }
                case StreamVerifier.Thought(ObjectNode members) -> {
                    out().println(new String(StrictJson.write(members), UTF_8));
                    out().flush();
                }
                case StreamVerifier.Ended(String reason) ->
                        err().println("The gateway ended the stream: " + reason);
            }
        }

        private void printPlaceToContinue(After last) {
            err().println("Continue with --after %s:%d".formatted(last.epoch(), last.sequence()));
        }
    }
}
