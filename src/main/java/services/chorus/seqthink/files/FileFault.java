package services.chorus.seqthink.files;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import services.chorus.seqthink.config.Fault;

/** What to say of a variable whose file cannot be used. */
public final class FileFault {

    private FileFault() {}

    /** Why the file that a variable names could not be read at all. */
    public static Fault unread(String variable, IOException why) {
        return switch (why) {
            case NoSuchFileException e ->
                    new Fault(variable, "names a file that is not there", "set it to one that is");
            case FileSnapshot.TooLongException e -> broken(variable, e.getMessage());
            default ->
                    new Fault(
                            variable,
                            "names a file that cannot be read",
                            "let this process's user read it");
        };
    }

    /**
     * Why the file that a variable names was read and is of no use.
     *
     * @param what is wrong with it, without any of its content
     */
    public static Fault broken(String variable, String what) {
        return new Fault(variable, "names a broken file", what);
    }
}
