package services.chorus.seqthink.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import services.chorus.seqthink.app.Configuration;
import services.chorus.seqthink.app.PolicyExplanation;
import services.chorus.seqthink.client.Credentials;
import services.chorus.seqthink.http.GatewayConfig.Role;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.policy.rules.AccessRequest;

@Command(
        name = "policy",
        description = "Ask what the door's policy would do.",
        subcommands = PolicyCommand.Explain.class)
final class PolicyCommand extends BaseCommand.Group {

    @Command(
            name = "explain",
            description = {
                "Say whether a request would be allowed, and why, step by step.",
                "Reads the same configuration as serve, and asks the issuers for their keys and for"
                        + " what they took back. Exits with 0 when it would be allowed, with 1"
                        + " when not. Whether the request is fresh and within its limits, and"
                        + " whether its sender holds a bound token's key, only the door can tell."
                        + " The token is not printed."
            })
    static final class Explain extends BaseCommand {

        private static final String TOOLS_CALL = "tools/call";

        @Mixin ConfigOption config;

        @Option(
                names = "--token",
                required = true,
                paramLabel = "FILE",
                description = "The access token; - reads it from standard input.")
        Path token;

        @Option(names = "--tool", paramLabel = "NAME", description = "Which tool would be called.")
        Optional<String> tool;

        @Option(
                names = "--arguments",
                paramLabel = "FILE",
                description = "The tool's arguments, a JSON object (default: an empty one).")
        Optional<Path> arguments;

        @Option(
                names = "--method",
                defaultValue = TOOLS_CALL,
                paramLabel = "METHOD",
                description = "Which method (default: ${DEFAULT-VALUE}).")
        String method;

        @Override
        public Integer call() throws IOException, InterruptedException, CommandFailed {
            AccessRequest asked = asked();
            return switch (Configuration.of(config.of(context()))) {
                case Configuration.Faulty(var faults) -> {
                    faults.forEach(fault -> err().println(fault.line()));
                    yield ExitCode.SOFTWARE;
                }
                case Configuration.Usable usable -> explain(usable, asked);
            };
        }

        private int explain(Configuration.Usable usable, AccessRequest asked)
                throws IOException, InterruptedException, CommandFailed {
            if (!Role.DOOR.actsIn(usable.gateway())) {
                throw new CommandFailed("ROLES names no door, and only a door has a policy");
            }
            Optional<String> text = Optional.empty();
            if (!usable.isPolicyOff()) {
                text = Optional.of(Credentials.readToken(token, context().in()));
                if (Role.ISSUER.actsIn(usable.gateway())) {
                    IssuerOptions.requireMade(usable.issuer().keysPath().orElseThrow());
                }
            }
            PolicyExplanation explanation = PolicyExplanation.of(usable, text, asked);
            explanation.warnings().forEach(err()::println);
            explanation.lines().forEach(out()::println);
            return explanation.allowed() ? ExitCode.OK : ExitCode.SOFTWARE;
        }

        private AccessRequest asked() throws IOException, CommandFailed {
            if (!method.equals(TOOLS_CALL)) {
                if (tool.isPresent() || arguments.isPresent()) {
                    throw misuse("--tool and --arguments are for " + TOOLS_CALL);
                }
                return AccessRequest.method(method);
            }
            if (tool.isEmpty()) {
                throw misuse("Say which tool, with --tool");
            }
            if (arguments.isEmpty()) {
                return AccessRequest.call(tool.get(), StrictJson.object());
            }
            return StrictJson.parseObject(Files.readAllBytes(arguments.get()))
                    .map(object -> AccessRequest.call(tool.get(), object))
                    .orElseThrow(
                            () ->
                                    new CommandFailed(
                                            arguments.get()
                                                    + " does not hold one JSON object in which no"
                                                    + " key stands twice"));
        }
    }
}
