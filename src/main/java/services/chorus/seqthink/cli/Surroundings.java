package services.chorus.seqthink.cli;

import java.io.InputStream;
import java.io.PrintStream;

/**
 * What a command reads and writes outside itself, files and the network aside.
 *
 * @param sources where its configuration comes from
 * @param in standard input, as bytes
 * @param out standard output, as bytes or text
 * @param err where messages go
 */
record Surroundings(Sources sources, InputStream in, PrintStream out, PrintStream err) {

    static Surroundings ofThisProcess() {
        return new Surroundings(Sources.ofThisProcess(), System.in, System.out, System.err);
    }
}
