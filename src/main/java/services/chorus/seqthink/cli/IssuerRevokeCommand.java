package services.chorus.seqthink.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.regex.Pattern;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import services.chorus.seqthink.client.Credentials;
import services.chorus.seqthink.issuer.IssuedToken;
import services.chorus.seqthink.issuer.IssuerConfig;
import services.chorus.seqthink.issuer.IssuerStorage;
import services.chorus.seqthink.issuer.clients.Clients;
import services.chorus.seqthink.issuer.revoked.RevokedTokens;

@Command(
        name = "revoke",
        description = {
            "Revoke a token before it expires.",
            "A running issuer publishes the revocation within seconds. Gateways that read its list"
                    + " (JWT_DENY_URL) reject the token within another half minute."
        })
final class IssuerRevokeCommand extends BaseCommand {

    private static final Pattern TOKEN = Pattern.compile("[\\w-]+\\.[\\w-]+\\.[\\w-]+");

    @Mixin IssuerOptions options;

    @ArgGroup(multiplicity = "1")
    What what;

    static final class What {

        @Parameters(
                paramLabel = "JTI",
                description = "The token's id (jti). If it begins with a hyphen, put -- before it.")
        String id;

        @Option(
                names = "--token",
                paramLabel = "FILE",
                description = "A file that holds the token; - for standard input.")
        Path token;

        @Option(
                names = "--client",
                paramLabel = "ID",
                description = "Print how to stop all tokens of a client; revokes nothing.")
        String client;
    }

    @Override
    public Integer call() throws IOException, CommandFailed {
        IssuerConfig config = options.of(context());
        IssuerStorage paths = IssuerOptions.paths(config);
        paths.requireAllInPlace();
        PrintStream out = out();
        if (what.client != null) {
            out.println(adviceOn(what.client, paths));
        } else if (what.token != null) {
            out.println(revokeToken(config, paths));
        } else {
            out.println(revokeId(what.id, paths));
        }
        return ExitCode.OK;
    }

    private String revokeToken(IssuerConfig config, IssuerStorage paths)
            throws IOException, CommandFailed {
        warnOfAccess(what.token);
        IssuedToken issued =
                IssuedToken.read(
                                Credentials.readToken(what.token, context().in()),
                                IssuerOptions.keys(context(), paths.keys(), config))
                        .orElseThrow(
                                () ->
                                        new CommandFailed(
                                                "no key of this issuer signed that token, so"
                                                        + " there is nothing to revoke"));
        add(issued.tokenId(), issued.expiresAt(), paths);
        return "%s is revoked, a token of %s that expires at %s"
                .formatted(issued.tokenId(), issued.clientId(), issued.expiresAt());
    }

    private static String revokeId(String id, IssuerStorage paths) throws CommandFailed {
        if (TOKEN.matcher(id).matches()) {
            throw new CommandFailed(
                    "that is a token, not its id: write it to a file and give --token FILE");
        }
        // only the token holds its expiry
        Instant until = Instant.now().plus(IssuerConfig.LONGEST_TOKEN_TTL);
        add(id, until, paths);
        return "%s is revoked until %s, when every token has expired".formatted(id, until);
    }

    private static void add(String id, Instant expiresAt, IssuerStorage paths)
            throws CommandFailed {
        if (!RevokedTokens.open(paths.revoked(), Clock.systemUTC()).add(id, expiresAt)) {
            throw new CommandFailed(
                    "the list of revoked tokens is full: run issuer rotate --compromised, which"
                            + " ends all tokens");
        }
    }

    private static String adviceOn(String id, IssuerStorage paths) throws CommandFailed {
        if (Clients.open(paths.clients(), Clock.systemUTC()).find(id).isEmpty()) {
            throw new CommandFailed("there is no client %s: client list prints all".formatted(id));
        }
        return "Run client disable %s: it gets no more tokens, and its last one expires by %s."
                .formatted(id, Instant.now().plus(IssuerConfig.LONGEST_TOKEN_TTL));
    }
}
