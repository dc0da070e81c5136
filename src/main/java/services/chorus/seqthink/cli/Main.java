package services.chorus.seqthink.cli;

import io.quarkus.runtime.annotations.QuarkusMain;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.TypeConversionException;
import services.chorus.seqthink.audit.ChainHead;
import services.chorus.seqthink.config.Form;
import services.chorus.seqthink.protocol.After;
import services.chorus.seqthink.signing.Ed25519PublicKey;

/**
 * The entry point. Exit codes are 0 for done, 1 for failed and 2 for a command line that makes no
 * sense.
 */
@QuarkusMain
public final class Main {

    Main() {}

    public static void main(String... args) {
        System.exit(run(CommandContext.ofThisProcess(), args));
    }

    static int run(CommandContext context, String... args) {
        int exitCode = commandLine(context).execute(args);
        // a print stream keeps its errors to itself: a full disk must not look like success
        if (context.out().checkError()) {
            context.err().println("standard output cannot be written");
            return ExitCode.SOFTWARE;
        }
        return exitCode;
    }

    static CommandLine commandLine(CommandContext context) {
        return new CommandLine(new RootCommand(context))
                .setOut(new PrintWriter(context.out(), true))
                .setErr(new PrintWriter(context.err(), true))
                .registerConverter(After.class, form(Main::place, "EPOCH:N"))
                .registerConverter(
                        ChainHead.class,
                        form(ChainHead::parse, "SEQ:HASH, as audit head prints it"))
                .registerConverter(
                        Ed25519PublicKey.class,
                        form(
                                Ed25519PublicKey::parse,
                                "43 characters, as keygen --audit prints them"))
                .registerConverter(Duration.class, form(Main::duration, "90s, 15m, 24h or 7d"))
                .setExecutionExceptionHandler(Main::sayWhatFailed);
    }

    private static <T> ITypeConverter<T> form(Function<String, Optional<T>> parser, String form) {
        return text ->
                parser.apply(text)
                        .orElseThrow(
                                () ->
                                        new TypeConversionException(
                                                "'%s' is not of the form %s"
                                                        .formatted(text, form)));
    }

    /** A place in a stream, as {@code follow} prints it. */
    private static Optional<After> place(String text) {
        int colon = text.lastIndexOf(':');
        return After.lastEventId(text.substring(colon + 1))
                .filter(place -> colon >= 0)
                .map(place -> new After(text.substring(0, colon), place.sequence()));
    }

    private static Optional<Duration> duration(String text) {
        try {
            return Optional.of(Form.parseDuration(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static int sayWhatFailed(Exception thrown, CommandLine command, ParseResult parsed) {
        PrintWriter err = command.getErr();
        err.println(command.getCommandSpec().qualifiedName() + ": " + words(thrown));
        return ExitCode.SOFTWARE;
    }

    private static String words(Exception thrown) {
        return switch (thrown) {
            case FileAlreadyExistsException e -> e.getFile() + " exists; nothing was overwritten";
            case NoSuchFileException e -> "there is no file " + e.getFile();
            case AccessDeniedException e -> "this user may not use " + e.getFile();
            case FileSystemException e -> "cannot use " + e.getFile() + ": " + e.getReason();
            case CommandFailed e -> e.getMessage();
            default ->
                    thrown.getMessage() == null
                            ? thrown.getClass().getSimpleName()
                            : thrown.getMessage();
        };
    }
}
