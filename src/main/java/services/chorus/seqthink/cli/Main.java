package services.chorus.seqthink.cli;

import io.quarkus.runtime.annotations.QuarkusMain;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ParseResult;

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

    /** Runs one command and gives its exit code. */
    static int run(CommandContext context, String... args) {
        int exitCode =
                new CommandLine(new RootCommand(context))
                        .setOut(new PrintWriter(context.out(), true))
                        .setErr(new PrintWriter(context.err(), true))
                        .setExecutionExceptionHandler(Main::sayWhatFailed)
                        .execute(args);
        // a print stream keeps its errors to itself: a full disk must not look like success
        if (context.out().checkError()) {
            context.err().println("standard output cannot be written");
            return ExitCode.SOFTWARE;
        }
        return exitCode;
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
