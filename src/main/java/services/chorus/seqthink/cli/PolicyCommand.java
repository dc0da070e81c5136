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
        description = "Explain decisions of the gateway's policy.",
        subcommands = PolicyCommand.Explain.class)
final class PolicyCommand extends BaseCommand.Group {

    @Command(
            name = "explain",
            description = {
                "Explain step by step whether the gateway would allow a request.",
                "Reads the configuration of serve and fetches the issuers' keys and lists of"
                        + " revoked tokens. Exit code 0: allowed. 1: denied. Does not check replay,"
                        + " rate limits or DPoP proofs: only a running gateway can. Never prints the"
                        + " token."
            })
    static final class Explain extends BaseCommand {

        private static final String TOOLS_CALL = "tools/call";

        @Mixin ConfigOption config;

        @Option(
                names = "--token",
                required = true,
                paramLabel = "FILE",
                description = "A file that holds the access token; - for standard input.")
        Path token;

        @Option(
                names = "--tool",
                paramLabel = "NAME",
                description = "The tool that the request calls.")
        Optional<String> tool;

        @Option(
                names = "--arguments",
                paramLabel = "FILE",
                description =
                        "A file that holds the tool's arguments, a JSON object (default: {}).")
        Optional<Path> arguments;

        @Option(
                names = "--method",
                defaultValue = TOOLS_CALL,
                paramLabel = "METHOD",
                description = "The MCP method (default: ${DEFAULT-VALUE}).")
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
                throw new CommandFailed(
                        "ROLES does not include door, and only a gateway has a policy");
            }
            Optional<String> text = Optional.empty();
            if (!usable.isPolicyOff()) {
                warnOfAccess(token);
                usable.opaque().clientSecretPath().ifPresent(this::warnOfAccess);
                text = Optional.of(Credentials.readToken(token, context().in()));
                if (Role.ISSUER.actsIn(usable.gateway())) {
                    Path keys = usable.issuer().keysPath().orElseThrow();
                    IssuerOptions.requireMade(keys);
                    warnOfAccess(keys);
                    usable.issuer().identityPath().ifPresent(this::warnOfAccess);
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
                    throw misuse("--tool and --arguments need --method " + TOOLS_CALL);
                }
                return AccessRequest.method(method);
            }
            if (tool.isEmpty()) {
                throw misuse("no tool: give --tool NAME");
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
                                                    + " must hold one JSON object without duplicate"
                                                    + " keys"));
        }
    }
}
