package services.chorus.seqthink.files;

import java.io.IOException;
import services.chorus.seqthink.config.Fault;

/** A file that a variable names and that cannot be used; the message is the fault's line. */
public final class FaultyFileException extends IOException {

    private final transient Fault fault;

    public FaultyFileException(Fault fault) {
        super(fault.line());
        this.fault = fault;
    }

    /** What is wrong, and what to do. */
    public Fault fault() {
        return fault;
    }
}
