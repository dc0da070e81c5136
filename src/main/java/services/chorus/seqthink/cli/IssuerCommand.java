package services.chorus.seqthink.cli;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import services.chorus.seqthink.issuer.IssuerConfig;
import services.chorus.seqthink.issuer.keys.SigningKeys;
import services.chorus.seqthink.issuer.keys.SigningKeys.PublishedKey;

@Command(
        name = "issuer",
        description = {
            "Manage the built-in issuer.",
            "A running issuer applies each change within seconds."
        },
        subcommands = {
            IssuerCommand.Rotate.class,
            IssuerBackupCommand.class,
            IssuerBackupCommand.Restore.class,
            IssuerRevokeCommand.class,
        })
final class IssuerCommand extends BaseCommand.Group {

    @Command(
            name = "rotate",
            description = {
                "Publish the next signing key now. It starts to sign after every gateway has had"
                        + " time to load it.",
                "Uses the settings of serve: ISSUER_KEYS_PATH, ISSUER_JWKS_MAX_AGE and, if private"
                        + " keys are sealed, ISSUER_IDENTITY_PATH."
            })
    static final class Rotate extends BaseCommand {

        @Mixin IssuerOptions options;

        @Option(
                names = {"-f", "--file"},
                paramLabel = "FILE",
                description = "The key file (default: ISSUER_KEYS_PATH).")
        Optional<Path> file;

        @Option(
                names = "--compromised",
                description =
                        "Sign with a new key at once and drop all other keys: gateways reject the"
                                + " tokens that those signed as soon as they fetch the keys again.")
        boolean compromised;

        @Override
        public Integer call() throws CommandFailed {
            IssuerConfig config = options.of(context());
            SigningKeys keys = open(config);
            PrintStream out = out();
            if (compromised) {
                replace(keys, config, out);
            } else {
                rotate(keys, out);
            }
            return ExitCode.OK;
        }

        private static void rotate(SigningKeys keys, PrintStream out) {
            PublishedKey next = keys.rotate();
            out.printf("published: %s%n", next.kid());
            out.printf(
                    "it signs from %s; until then %s does%n",
                    next.signsFrom(), keys.current().kid());
        }

        private static void replace(SigningKeys keys, IssuerConfig config, PrintStream out) {
            keys.replace().forEach(key -> out.printf("dropped: %s%n", key.kid()));
            out.printf("signing: %s%n", keys.current().kid());
            out.printf(
                    "a gateway rejects all earlier tokens once it has fetched the keys again,"
                            + " within %d s if it can reach the issuer; until then it accepts tokens"
                            + " signed with a dropped key%n",
                    // gateways wait for a minute at least
                    Math.max(60, config.jwksMaxAge().toSeconds()));
        }

        private SigningKeys open(IssuerConfig config) throws CommandFailed {
            Path path =
                    file.or(config::keysPath)
                            .orElseThrow(
                                    () ->
                                            new CommandFailed(
                                                    "no key file: give -f FILE, set"
                                                            + " ISSUER_KEYS_PATH, or give the"
                                                            + " settings with --config FILE"));
            return IssuerOptions.keys(context(), path, config);
        }
    }
}
