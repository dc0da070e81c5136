package services.chorus.seqthink.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import services.chorus.seqthink.age.Encoding;
import services.chorus.seqthink.age.KeyIdentity;
import services.chorus.seqthink.age.KeyRecipient;
import services.chorus.seqthink.files.PrivateFile;
import services.chorus.seqthink.issuer.IssuerConfig;
import services.chorus.seqthink.issuer.IssuerStorage;
import services.chorus.seqthink.issuer.clients.Client;
import services.chorus.seqthink.issuer.keys.KeyStorage;
import services.chorus.seqthink.issuer.recovery.IssuerFiles;
import services.chorus.seqthink.issuer.recovery.IssuerFiles.Backup;

@Command(
        name = "backup",
        description = {
            "Seal the issuer's keys, clients and revoked tokens into one file.",
            "That file and its identity together can sign tokens: keep the identity elsewhere. The"
                    + " issuer may be running."
        })
final class IssuerBackupCommand extends BaseCommand {

    @Mixin IssuerOptions options;

    @Option(
            names = "--to",
            required = true,
            paramLabel = "AGE1...",
            description = "A recipient to seal to; may be repeated.")
    List<String> recipients;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "The new file to write (default: standard output).")
    Optional<Path> output;

    @Option(
            names = {"-a", "--armor"},
            description = "Write ASCII armor instead of bytes.")
    boolean armor;

    @Override
    public Integer call() throws IOException, CommandFailed {
        IssuerConfig config = options.of(context());
        List<KeyRecipient> to = recipientsElsewhere(IssuerStorage.keyStorage(config));
        try (Backup backup =
                IssuerOptions.files(context(), config).backup(config.url(), Instant.now())) {
            byte[] sealed = backup.seal(to, armor ? Encoding.ARMORED : Encoding.BINARY);
            if (output.isEmpty()) {
                out().write(sealed);
                out().flush();
                print(backup, err());
            } else {
                PrivateFile.write(output.get(), sealed);
                print(backup, out());
            }
        }
        return ExitCode.OK;
    }

    /** Prints what is in a backup, without any secret. */
    static void print(Backup backup, PrintStream out) {
        out.println("made: " + backup.madeAt());
        backup.issuer().ifPresent(url -> out.println("issuer: " + url));
        backup.keys().kids().forEach(kid -> out.println("key: " + kid));
        for (Client client : backup.clients().clients()) {
            String state = client.disabled() ? " (disabled)" : "";
            out.println("client: " + client.clientId() + state);
        }
        out.println("revoked tokens: " + backup.revoked().revoked().size());
    }

    /** Rejects the issuer's own identity, which may be lost together with the issuer. */
    private List<KeyRecipient> recipientsElsewhere(KeyStorage atRest)
            throws IOException, CommandFailed {
        List<KeyRecipient> all = new ArrayList<>();
        for (String text : recipients) {
            KeyRecipient recipient = KeyFiles.recipient("--to", text);
            if (atRest.isSealedTo(recipient)) {
                throw new CommandFailed(
                        "ISSUER_IDENTITY_PATH holds the identity of "
                                + recipient
                                + ": seal to one that is kept elsewhere");
            }
            all.add(recipient);
        }
        return all;
    }

    @Command(
            name = "restore",
            description = {
                "Restore the issuer's keys, clients and revoked tokens from a backup.",
                "Writes all files or none, and overwrites nothing: if one of the files exists, it"
                        + " writes none. Check the printed content: anyone who knows the recipient can"
                        + " create a backup that your identity decrypts."
            })
    static final class Restore extends BaseCommand {

        private static final String CLEAR_KEYS =
                "warning: the private keys are not encrypted: set ISSUER_IDENTITY_PATH, and the"
                        + " issuer seals them";

        private static final String LATER_CHANGES =
                "what changed after the backup was made is lost: disable again the clients that"
                        + " were disabled since, and run issuer rotate --compromised if a key was"
                        + " dropped as compromised";

        @Mixin IssuerOptions options;

        @Mixin IdentityOptions identities;

        @Parameters(paramLabel = "BACKUP", description = "The file that issuer backup made.")
        Path backup;

        @Option(names = "--check", description = "Print what is in the backup, and write nothing.")
        boolean check;

        @Override
        public Integer call() throws IOException, CommandFailed {
            List<KeyIdentity> openers = identities.all();
            try (Backup opened = Backup.open(backup, openers)) {
                IssuerBackupCommand.print(opened, out());
                if (!check) {
                    IssuerConfig config = options.of(context());
                    IssuerFiles files = IssuerOptions.files(context(), config);
                    files.restore(opened);
                    if (config.identityPath().isEmpty()) {
                        err().println(CLEAR_KEYS);
                    }
                    files.paths().forEach(path -> out().println("restored: " + path));
                    err().println(LATER_CHANGES);
                }
            } finally {
                openers.forEach(KeyIdentity::close);
            }
            return ExitCode.OK;
        }
    }
}
