package services.chorus.seqthink.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import services.chorus.seqthink.age.KeyIdentity;
import services.chorus.seqthink.issuer.IssuerConfig;
import services.chorus.seqthink.issuer.recovery.IssuerFiles;
import services.chorus.seqthink.issuer.recovery.IssuerFiles.Backup;

/** Brings an issuer back from a backup. */
@Command(
        name = "restore",
        description = {
            "Put the issuer's keys, clients and revoked tokens back from a backup.",
            "Nothing is overwritten: when one of the files is there, none is written. Without"
                    + " anything in the way it writes all of them, or none. It says what is in the"
                    + " backup: that a file opens says nothing about who made it."
        })
final class IssuerRestoreCommand extends BaseCommand {

    private static final String CLEAR_KEYS =
            "warning: private keys stand in the clear: set ISSUER_IDENTITY_PATH, and the issuer"
                    + " seals them";

    private static final String LATER_CHANGES =
            "what changed after the backup was made is not in it: disable again the clients that"
                    + " were disabled since, and run issuer rotate --compromised when a key was"
                    + " dropped as compromised";

    @Mixin IssuerOptions options;

    @Mixin IdentityOptions identities;

    @Parameters(paramLabel = "BACKUP", description = "The file that issuer backup made.")
    Path backup;

    @Option(names = "--check", description = "Say what is in the backup, and write nothing.")
    boolean check;

    @Override
    public Integer call() throws IOException, CommandFailed {
        List<KeyIdentity> openers = identities.all();
        try (Backup opened = Backup.open(backup, openers)) {
            IssuerBackupCommand.print(opened, out());
            if (!check) {
                IssuerConfig config = options.of(context());
                IssuerFiles files = IssuerOptions.files(config);
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
