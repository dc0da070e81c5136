package services.chorus.seqthink.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;
import services.chorus.seqthink.app.Version;
import services.chorus.seqthink.audit.Head;
import services.chorus.seqthink.audit.Verification;
import services.chorus.seqthink.audit.Verification.Report;
import services.chorus.seqthink.signing.Ed25519PublicKey;

/** Audit logs that a door wrote. */
@Command(
        name = "audit",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Read the audit logs of a door.",
        subcommands = {AuditCommand.Verify.class, AuditCommand.PrintHead.class})
final class AuditCommand implements Runnable {

    @ParentCommand RootCommand root;

    @Spec CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "Say what to do, such as: audit verify FILE");
    }

    /** Says whether a log is as it was written. */
    @Command(
            name = "verify",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class,
            description = {
                "Find any record that was changed, removed or moved.",
                "Exits with 0 when everything up to the head given is as it was written, with 1"
                        + " when something is not, and with 3 when nothing is wrong but no head"
                        + " says where the log has to end."
            })
    static final class Verify implements Callable<Integer> {

        static final int UNPROVEN = 3;

        @ParentCommand AuditCommand audit;

        @Parameters(
                arity = "1..*",
                paramLabel = "FILE",
                description = "The log's files, in the order of their names.")
        List<Path> files;

        @Option(
                names = "--head",
                paramLabel = "SEQ:HASH",
                converter = HeadText.class,
                description = "A record that the log has to contain, as audit head printed it.")
        Head head;

        @Option(
                names = "--after",
                paramLabel = "SEQ:HASH",
                converter = HeadText.class,
                description = "The last record before the first file, where that is elsewhere.")
        Head after = Head.NONE;

        @Option(
                names = "--key",
                paramLabel = "PUB",
                converter = KeyText.class,
                description =
                        "The public key of the log's checkpoints, as keygen --audit printed it;"
                                + " several times where it changed.")
        List<Ed25519PublicKey> keys = List.of();

        @Override
        public Integer call() throws IOException {
            PrintStream out = audit.root.surroundings().out();
            Report report =
                    new Verification(after, Optional.ofNullable(head), keys)
                            .of(files, out::println);
            tell(report, out);
            if (report.findings() > 0) {
                return ExitCode.SOFTWARE;
            }
            return report.headReached() ? ExitCode.OK : UNPROVEN;
        }

        private void tell(Report report, PrintStream out) {
            out.printf("%d records, the last is seq %d%n", report.records(), report.last());
            if (report.tornEnd()) {
                out.println("the last line is not whole, as after a crash");
            }
            if (report.findings() > 0) {
                out.printf("faults: %d%n", report.findings());
            }
            if (report.proven() > after.sequence()) {
                out.printf("proven up to seq %d%n", report.proven());
            }
            if (report.findings() == 0 && report.proven() < report.last()) {
                out.printf(
                        "unproven from seq %d on: it could have been made anew%n",
                        report.proven() + 1);
            }
            if (head == null) {
                out.printf(
                        "unproven that it ends with seq %d: without --head it could have been cut"
                                + " off%n",
                        report.last());
            }
        }
    }

    /** Prints what to keep elsewhere, to verify a log by. */
    @Command(
            name = "head",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class,
            description = "Print the last record's SEQ:HASH, to be kept where the log is not.")
    static final class PrintHead implements Callable<Integer> {

        @ParentCommand AuditCommand audit;

        @Parameters(
                arity = "1..*",
                paramLabel = "FILE",
                description = "The log's files, in the order of their names.")
        List<Path> files;

        @Override
        public Integer call() throws IOException, CommandFailed {
            Head head =
                    Head.of(files)
                            .orElseThrow(() -> new CommandFailed("there is no record in there"));
            audit.root.surroundings().out().println(head);
            return ExitCode.OK;
        }
    }

    static final class HeadText implements ITypeConverter<Head> {
        @Override
        public Head convert(String text) {
            return Head.parse(text)
                    .orElseThrow(
                            () ->
                                    new TypeConversionException(
                                            "it must be SEQ:HASH, as audit head prints it"));
        }
    }

    static final class KeyText implements ITypeConverter<Ed25519PublicKey> {
        @Override
        public Ed25519PublicKey convert(String text) {
            return Ed25519PublicKey.parse(text)
                    .orElseThrow(
                            () ->
                                    new TypeConversionException(
                                            "it must be 43 characters, as keygen --audit prints"
                                                    + " them"));
        }
    }
}
