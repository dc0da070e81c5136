package services.chorus.seqthink.cli;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import services.chorus.seqthink.app.Configuration;
import services.chorus.seqthink.app.TokenAssembly;
import services.chorus.seqthink.app.Version;
import services.chorus.seqthink.client.CallFailed;
import services.chorus.seqthink.client.Credentials;
import services.chorus.seqthink.config.Fault;
import services.chorus.seqthink.http.GatewayConfig.Role;
import services.chorus.seqthink.issuer.Issuer;
import services.chorus.seqthink.issuer.clients.AssertionMemory;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.net.CertificateAuthorities;
import services.chorus.seqthink.policy.TokenVerifier;
import services.chorus.seqthink.policy.Verdict;
import services.chorus.seqthink.policy.denied.DeniedTokens;
import services.chorus.seqthink.policy.rules.Asked;
import services.chorus.seqthink.policy.rules.Rules;
import services.chorus.seqthink.telemetry.Meters;

/** Judges one request as the door of this configuration would, and says why. */
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = {
            "Say whether a request would be allowed, and why, step by step.",
            "Reads the same configuration as serve, and asks the issuers for their keys and for what"
                    + " they took back. Exits with 0 when it would be allowed, with 1 when not."
                    + " Whether the request is fresh and within its limits, and whether its sender"
                    + " holds a bound token's key, only the door can tell. The token is not"
                    + " printed."
        })
final class ExplainCommand implements Callable<Integer> {

    private static final String TOOLS_CALL = "tools/call";

    @ParentCommand PolicyCommand policy;

    @Spec CommandSpec spec;

    @Mixin ConfigOption config;

    @Option(
            names = "--token",
            required = true,
            paramLabel = "FILE",
            description = "The access token; - reads it from standard input.")
    Path token;

    @Option(names = "--tool", paramLabel = "NAME", description = "Which tool would be called.")
    String tool;

    @Option(
            names = "--arguments",
            paramLabel = "FILE",
            description = "The tool's arguments, a JSON object (default: an empty one).")
    Path arguments;

    @Option(
            names = "--method",
            defaultValue = TOOLS_CALL,
            paramLabel = "METHOD",
            description = "Which method (default: ${DEFAULT-VALUE}).")
    String method;

    @Override
    public Integer call() throws IOException, InterruptedException, CommandFailed, CallFailed {
        Asked asked = asked();
        Surroundings surroundings = policy.root.surroundings();
        return switch (Configuration.of(config.of(surroundings))) {
            case Configuration.Faulty(var faults) -> {
                faults.stream().map(Fault::line).forEach(surroundings.err()::println);
                yield ExitCode.SOFTWARE;
            }
            case Configuration.Usable usable -> explain(usable, asked, surroundings);
        };
    }

    private int explain(Configuration.Usable usable, Asked asked, Surroundings surroundings)
            throws IOException, InterruptedException, CommandFailed, CallFailed {
        if (!Role.DOOR.actsIn(usable.gateway())) {
            throw new CommandFailed("ROLES names no door, and only a door has a policy");
        }
        Optional<Verdict> verdict =
                usable.isPolicyOff()
                        ? Optional.empty()
                        : Optional.of(verify(readToken(), usable, surroundings.err()));
        Explanation explanation = Explanation.of(usable, verdict, asked);
        explanation.lines().forEach(surroundings.out()::println);
        return explanation.allowed() ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private String readToken() throws IOException, CommandFailed, CallFailed {
        return token.toString().equals("-")
                ? Credentials.readToken(policy.root.surroundings().in())
                : Credentials.readToken(token);
    }

    /** By the very parts that a door would judge it with. */
    private static Verdict verify(String token, Configuration.Usable usable, PrintStream err)
            throws IOException, InterruptedException, CommandFailed {
        requireNothingToCreate(usable);
        Issuer own = new Issuer(usable.issuer(), ExplainCommand::noAssertions);
        InstantSource clock = InstantSource.system();
        Meters meters = new Meters(new SimpleMeterRegistry());
        CertificateAuthorities authorities =
                CertificateAuthorities.systemAnd(usable.http().caPath());
        TokenAssembly door = new TokenAssembly();
        TokenAssembly.Issuers issuers =
                door.issuers(
                        usable.policy(),
                        usable.gateway(),
                        usable.issuer(),
                        () -> own,
                        authorities,
                        clock);
        try (TokenVerifier verifier = door.verifier(issuers, clock, meters);
                DeniedTokens tokens =
                        door.tokens(
                                door.judge(
                                        verifier,
                                        usable.opaque(),
                                        usable.policy(),
                                        Rules.from(usable.rules()),
                                        authorities,
                                        clock,
                                        meters),
                                issuers,
                                () -> own,
                                authorities,
                                clock,
                                meters)) {
            if (!tokens.awaitLists()) {
                err.println("What an issuer took back cannot be had: a door goes by what it knew");
            }
            return tokens.verify(token);
        }
    }

    private static AssertionMemory noAssertions() {
        throw new IllegalStateException("No client shows an assertion here");
    }

    /** An issuer makes its first key when it is first asked; this only looks. */
    private static void requireNothingToCreate(Configuration.Usable usable) throws CommandFailed {
        Optional<Path> keys =
                usable.issuer().keysPath().filter(path -> Role.ISSUER.actsIn(usable.gateway()));
        if (keys.isPresent() && Files.notExists(keys.get())) {
            throw new CommandFailed(
                    "ISSUER_KEYS_PATH names no file yet: start the issuer, which makes its keys");
        }
    }

    private Asked asked() throws IOException, CommandFailed {
        if (!method.equals(TOOLS_CALL)) {
            if (tool != null || arguments != null) {
                throw new ParameterException(
                        spec.commandLine(), "--tool and --arguments are for " + TOOLS_CALL);
            }
            return Asked.method(method);
        }
        if (tool == null) {
            throw new ParameterException(spec.commandLine(), "Say which tool, with --tool");
        }
        return Asked.call(
                tool,
                arguments == null
                        ? StrictJson.object()
                        : StrictJson.parseObject(Files.readAllBytes(arguments))
                                .orElseThrow(
                                        () ->
                                                new CommandFailed(
                                                        arguments
                                                                + " does not hold one JSON"
                                                                + " object in which no key stands"
                                                                + " twice")));
    }
}
