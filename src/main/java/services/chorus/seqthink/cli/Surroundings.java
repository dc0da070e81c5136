package services.chorus.seqthink.cli;

import java.io.InputStream;
import java.io.PrintStream;
import java.time.Duration;
import services.chorus.seqthink.config.Heap;
import services.chorus.seqthink.config.Sources;

/**
 * What a command finds, reads and writes outside itself, files and the network aside.
 *
 * @param sources where its configuration comes from
 * @param in standard input, as bytes
 * @param out standard output, as bytes or text
 * @param err where messages go
 * @param heap how much memory there is
 * @param patience how long a stream from a door may say nothing at all
 */
record Surroundings(
        Sources sources,
        InputStream in,
        PrintStream out,
        PrintStream err,
        Heap heap,
        Duration patience) {

    /** Three times as long as a door lets pass between two signs of life. */
    static final Duration PATIENCE = Duration.ofSeconds(45);

    static Surroundings ofThisProcess() {
        return new Surroundings(
                Sources.ofThisProcess(),
                System.in,
                System.out,
                System.err,
                Heap.ofThisProcess(),
                PATIENCE);
    }
}
