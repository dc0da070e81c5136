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
        description = "Read the audit logs of a door.",
        subcommands = {AuditCommand.Verify.class, AuditCommand.PrintHead.class})
final class AuditCommand extends BaseCommand.Group {

    abstract static class LogCommand extends BaseCommand {

        @Parameters(
                arity = "1..*",
                paramLabel = "FILE",
                description = "The log's files, in the order of their names.")
        List<Path> files;
    }

    @Command(
            name = "verify",
            description = {
                "Find any record that was changed, removed or moved.",
                "Exits with 0 when everything up to the head given is as it was written, with 1"
                        + " when something is not, and with 3 when nothing is wrong but no head"
                        + " says where the log has to end."
            })
    static final class Verify extends LogCommand {

        static final int UNPROVEN = 3;

        @Option(
                names = "--head",
                paramLabel = "SEQ:HASH",
                description = "A record that the log has to contain, as audit head printed it.")
        Optional<ChainHead> head;

        @Option(
                names = "--after",
                paramLabel = "SEQ:HASH",
                description = "The last record before the first file, where that is elsewhere.")
        ChainHead after = ChainHead.NONE;

        @Option(
                names = "--key",
                paramLabel = "PUB",
                description =
                        "The public key of the log's checkpoints, as keygen --audit printed it;"
                                + " several times where it changed.")
        List<Ed25519PublicKey> keys = List.of();

        @Override
        public Integer call() throws IOException {
            PrintStream out = out();
            Report report = new ChainVerification(after, head, keys).of(files, out::println);
            print(report, out);
            if (report.faults() > 0) {
                return ExitCode.SOFTWARE;
            }
            return report.headReached() ? ExitCode.OK : UNPROVEN;
        }

        private void print(Report report, PrintStream out) {
            out.printf("%d records, the last is seq %d%n", report.records(), report.last());
            if (report.tornEnd()) {
                out.println("the last line is not whole, as after a crash");
            }
            if (report.faults() > 0) {
                out.printf("faults: %d%n", report.faults());
            }
            if (report.proven() > after.sequence()) {
                out.printf("proven up to seq %d%n", report.proven());
            }
            if (report.faults() == 0 && report.proven() < report.last()) {
                out.printf(
                        "unproven from seq %d on: it could have been made anew%n",
                        report.proven() + 1);
            }
            if (head.isEmpty()) {
                out.printf(
                        "unproven that it ends with seq %d: without --head it could have been cut"
                                + " off%n",
                        report.last());
            }
        }
    }

    @Command(
            name = "head",
            description = "Print the last record's SEQ:HASH, to be kept where the log is not.")
    static final class PrintHead extends LogCommand {

        @Override
        public Integer call() throws IOException, CommandFailed {
            ChainHead head =
                    ChainHead.of(files)
                            .orElseThrow(() -> new CommandFailed("there is no record in there"));
            out().println(head);
            return ExitCode.OK;
        }
    }
}
