package services.chorus.seqthink.sealing;

import java.io.IOException;
import services.chorus.seqthink.config.Fault;

/** A file that cannot be used; the message is the fault's line. */
final class FaultyFileException extends IOException {

    private static final long serialVersionUID = 1L;

    FaultyFileException(Fault fault) {
        super(fault.line());
    }
}
