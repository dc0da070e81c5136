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
            "A running issuer takes up within seconds what is changed."
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
                "Publish the issuer's next signing key now; it signs once every door can know it.",
                "It takes the settings of serve: ISSUER_KEYS_PATH, ISSUER_JWKS_MAX_AGE and, where private"
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
                        "Have a new key sign at once and drop all others: every token that they signed"
                                + " is refused as soon as a door asks for the keys again.")
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
            keys.warnings().forEach(err()::println);
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
                    "every token of before is refused once its door has asked for the keys again, after"
                            + " %d s or a minute at the most while it can reach the issuer; until then"
                            + " whoever has a dropped key is believed there%n",
                    config.jwksMaxAge().toSeconds());
        }

        private SigningKeys open(IssuerConfig config) throws CommandFailed {
            Path path =
                    file.or(config::keysPath)
                            .orElseThrow(
                                    () ->
                                            new CommandFailed(
                                                    "Name the key file: -f FILE,"
                                                            + " ISSUER_KEYS_PATH, or the settings"
                                                            + " by --config FILE"));
            return IssuerOptions.keys(path, config);
        }
    }
}
