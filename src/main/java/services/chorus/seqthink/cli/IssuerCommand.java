package services.chorus.seqthink.cli;

import picocli.CommandLine.Command;

/** The built-in issuer, apart from its clients. */
@Command(
        name = "issuer",
        description = {
            "Manage the built-in issuer.",
            "A running issuer takes up within seconds what is changed."
        },
        subcommands = {
            IssuerRotateCommand.class,
            IssuerBackupCommand.class,
            IssuerRestoreCommand.class,
            IssuerRevokeCommand.class,
        })
final class IssuerCommand extends BaseCommand {

    @Override
    public Integer call() {
        throw misuse("Say what to do, such as: issuer rotate");
    }
}
