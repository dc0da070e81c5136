package services.chorus.seqthink.cli;

import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import services.chorus.seqthink.client.GatewayClient.Timeouts;
import services.chorus.seqthink.config.Heap;
import services.chorus.seqthink.config.Sources;
import services.chorus.seqthink.files.PrivateFile;

/**
 * What a command reads and writes besides files and the network.
 *
 * @param silence how long a gateway's stream may send nothing
 */
record CommandContext(
        Sources sources,
        InputStream in,
        PrintStream out,
        PrintStream err,
        Heap heap,
        Duration silence) {

    CommandContext {
        out = new EscapedOutput(out);
        err = new EscapedOutput(err);
    }

    /** Warns of each file that holds a secret and gives access to others than its owner. */
    void warnOfAccess(Collection<Path> secrets) {
        for (Path file : new LinkedHashSet<>(secrets)) {
            PrivateFile.openToOthers(file).ifPresent(why -> err.println("warning: " + why));
        }
    }

    static CommandContext ofThisProcess() {
        return new CommandContext(
                Sources.ofThisProcess(),
                System.in,
                System.out,
                System.err,
                Heap.ofThisProcess(),
                Timeouts.SILENCE);
    }
}
