package services.chorus.seqthink.cli;

import io.quarkus.runtime.annotations.QuarkusMain;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.NoSuchElementException;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;
import services.chorus.seqthink.audit.ChainHead;
import services.chorus.seqthink.config.Form;
import services.chorus.seqthink.json.VisibleText;
import services.chorus.seqthink.protocol.After;
import services.chorus.seqthink.signing.Ed25519PublicKey;

/** The entry point. Exit codes: 0 done, 1 failed, 2 invalid command line. */
@QuarkusMain
public final class Main {

    Main() {}

    public static void main(String... args) {
        System.exit(run(CommandContext.ofThisProcess(), args));
    }

    static int run(CommandContext context, String... args) {
        int exitCode = commandLine(context).execute(args);
        // a print stream hides its errors, but a full disk must not look like success
        if (context.out().checkError()) {
            context.err().println("standard output cannot be written");
            return ExitCode.SOFTWARE;
        }
        return exitCode;
    }

    static CommandLine commandLine(CommandContext context) {
        return new CommandLine(new RootCommand(context))
                .setOut(EscapedOutput.linesTo(context.out()))
                .setErr(EscapedOutput.linesTo(context.err()))
                .registerConverter(
                        After.class, form(Main::place, "of the form EPOCH:N, as follow prints it"))
                .registerConverter(
                        ChainHead.class,
                        form(
                                text -> ChainHead.parse(text).orElseThrow(),
                                "of the form SEQ:HASH, as audit head prints it"))
                .registerConverter(
                        Ed25519PublicKey.class,
                        form(
                                text -> Ed25519PublicKey.parse(text).orElseThrow(),
                                "a public key of 43 characters, as keygen --audit prints it"))
                .registerConverter(
                        Duration.class,
                        form(Form::parseDuration, "a duration such as 90s, 15m, 24h or 7d"))
                .registerConverter(
                        Instant.class, form(Instant::parse, "a time such as 2027-01-31T00:00:00Z"))
                .registerConverter(Integer.class, form(Integer::valueOf, "a whole number"))
                .registerConverter(int.class, form(Integer::valueOf, "a whole number"))
                .setParameterExceptionHandler(Main::reportMisuse)
                .setExecutionExceptionHandler(Main::reportFailure);
    }

    private static <T> ITypeConverter<T> form(ITypeConverter<T> parser, String form) {
        return text -> {
            try {
                return parser.convert(text);
            } catch (IllegalArgumentException | DateTimeException | NoSuchElementException e) {
                throw new TypeConversionException("'%s' is not %s".formatted(text, form));
            }
        };
    }

    /** A place in a stream, as {@code follow} prints it. */
    private static After place(String text) {
        int colon = text.lastIndexOf(':');
        After place = After.lastEventId(text.substring(colon + 1)).orElseThrow();
        return new After(text.substring(0, colon), place.sequence());
    }

    /** Says what is wrong with the command line, without the usage, which would hide it. */
    private static int reportMisuse(ParameterException thrown, String[] args) {
        CommandLine command = thrown.getCommandLine();
        PrintWriter err = command.getErr();
        String name = command.getCommandSpec().qualifiedName();
        err.println(
                name
                        + ": "
                        + VisibleText.inOneLine(
                                thrown.getMessage()
                                        .replaceFirst("^Error: ", "")
                                        .replaceFirst(
                                                "^Unmatched arguments? (at|from) index \\d+:",
                                                "unexpected argument")));
        UnmatchedArgumentException.printSuggestions(thrown, err);
        err.printf("Run %s --help for its options.%n", name);
        return ExitCode.USAGE;
    }

    private static int reportFailure(Exception thrown, CommandLine command, ParseResult parsed) {
        command.getErr()
                .println(
                        command.getCommandSpec().qualifiedName()
                                + ": "
                                + VisibleText.inOneLine(words(thrown)));
        return ExitCode.SOFTWARE;
    }

    private static String words(Exception thrown) {
        return switch (thrown) {
            case FileAlreadyExistsException e -> e.getFile() + " exists; nothing was overwritten";
            case NoSuchFileException e -> "there is no " + missing(Path.of(e.getFile()));
            case AccessDeniedException e ->
                    e.getFile() + " cannot be used: this user has no permission to";
            case FileSystemException e ->
                    "%s cannot be used: %s".formatted(e.getFile(), e.getReason());
            case IOException e when "Is a directory".equals(e.getMessage()) ->
                    "a folder was given where a file is needed";
            default ->
                    thrown.getMessage() == null
                            ? thrown.getClass().getSimpleName()
                            : thrown.getMessage();
        };
    }

    private static String missing(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        return folder == null || Files.isDirectory(folder)
                ? "file " + file
                : "folder " + folder + ": create it first";
    }
}
