package services.chorus.seqthink.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import services.chorus.seqthink.config.Fault;

/** Faults of variables whose file cannot be used. */
public final class FileFault {

    private FileFault() {}

    /** The file that a variable names could not be read. */
    public static Fault unread(String variable, IOException why) {
        return switch (why) {
            case NoSuchFileException e ->
                    new Fault(
                            variable,
                            "names a file that does not exist",
                            shown(e.getFile())
                                    .map("create %s, or set it to a file that exists"::formatted)
                                    .orElse("set it to the path of a file that exists"));
            case FileSnapshot.TooLongException e -> broken(variable, e.getMessage());
            default ->
                    new Fault(
                            variable,
                            "names a file that cannot be read",
                            "make sure that it is a file and that the user of this process may"
                                    + " read it");
        };
    }

    /**
     * A path, if it begins with a folder that exists. Any other text may be the secret itself, set
     * by mistake in place of its file.
     */
    private static Optional<String> shown(String path) {
        Path file = Path.of(path);
        boolean inFolder =
                file.isAbsolute()
                        && file.getNameCount() > 1
                        && Files.isDirectory(file.getRoot().resolve(file.getName(0)));
        return inFolder ? Optional.of(path) : Optional.empty();
    }

    /**
     * The content of the file that a variable names cannot be used.
     *
     * @param what is wrong, without any of the content
     */
    public static Fault broken(String variable, String what) {
        return new Fault(variable, "names a broken file", what);
    }

    /** The file of a variable cannot be used; the message is the fault's line. */
    public static final class FaultyFileException extends IOException {

        private final transient Fault fault;

        public FaultyFileException(Fault fault) {
            super(fault.line());
            this.fault = fault;
        }

        public Fault fault() {
            return fault;
        }
    }
}
