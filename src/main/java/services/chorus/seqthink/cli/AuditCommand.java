package services.chorus.seqthink.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import services.chorus.seqthink.audit.ChainHead;
import services.chorus.seqthink.audit.ChainVerification;
import services.chorus.seqthink.audit.ChainVerification.Report;
import services.chorus.seqthink.signing.Ed25519PublicKey;

@Command(
        name = "audit",
        description = "Verify the audit log of a gateway.",
        subcommands = {AuditCommand.Verify.class, AuditCommand.PrintHead.class})
final class AuditCommand extends BaseCommand.Group {

    abstract static class LogCommand extends BaseCommand {

        @Parameters(
                arity = "1..*",
                paramLabel = "FILE",
                description = "The files of the log, oldest first.")
        List<Path> files;
    }

    @Command(
            name = "verify",
            description = {
                "Find every record that was changed, removed or moved.",
                "Exit code 0: every record up to --head is unchanged. 1: some record is not. 3: no"
                        + " fault was found, but without --head the end may have been cut off."
            })
    static final class Verify extends LogCommand {

        static final int UNPROVEN = 3;

        @Option(
                names = "--head",
                paramLabel = "SEQ:HASH",
                description = "A record that the log must contain, as audit head printed it.")
        Optional<ChainHead> head;

        @Option(
                names = "--after",
                paramLabel = "SEQ:HASH",
                description = "The last record before the first file, if older files are missing.")
        ChainHead after = ChainHead.NONE;

        @Option(
                names = "--key",
                paramLabel = "PUB",
                description =
                        "The public key of the checkpoints, as keygen --audit printed it; may be"
                                + " repeated after a key change.")
        List<Ed25519PublicKey> keys = List.of();

        @Override
        public Integer call() throws IOException {
            PrintStream out = out();
            Report report = new ChainVerification(after, head, keys).of(files, out::println);
            print(report, out);
            if (report.faults() > 0) {
                return ExitCode.SOFTWARE;
            }
            if (!keys.isEmpty() && !report.signed()) {
                err().println(
                                "none of these checkpoints is signed by the given key: check"
                                        + " --key");
                return ExitCode.SOFTWARE;
            }
            return report.headReached() ? ExitCode.OK : UNPROVEN;
        }

        private void print(Report report, PrintStream out) {
            out.printf("%d records, the last is seq %d%n", report.records(), report.last());
            if (report.tornEnd()) {
                out.println("the last line is incomplete, as after a crash");
            }
            if (report.faults() > 0) {
                out.printf("faults: %d%n", report.faults());
            }
            if (report.proven() > after.sequence()) {
                out.printf("proven up to seq %d%n", report.proven());
            }
            if (report.faults() == 0 && report.proven() < report.last()) {
                out.printf(
                        "unproven from seq %d on: no signed checkpoint covers these records, so they"
                                + " could be forged%n",
                        report.proven() + 1);
            }
            if (head.isEmpty()) {
                out.printf(
                        "unproven that the log ends with seq %d: without --head it could have been"
                                + " cut off%n",
                        report.last());
            }
        }
    }

    @Command(
            name = "head",
            description = "Print SEQ:HASH of the last record. Keep it apart from the log.")
    static final class PrintHead extends LogCommand {

        @Override
        public Integer call() throws IOException, CommandFailed {
            ChainHead head =
                    ChainHead.of(files)
                            .orElseThrow(() -> new CommandFailed("the files hold no record"));
            out().println(head);
            return ExitCode.OK;
        }
    }
}
