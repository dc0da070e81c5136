package services.chorus.seqthink.cli;

import java.io.InputStream;
import java.io.PrintStream;
import java.util.Map;

/**
 * What a command reads and writes outside itself, files and the network aside.
 *
 * @param environment variables by name, as {@link System#getenv()} gives them
 * @param in standard input, as bytes
 * @param out standard output, as bytes or text
 * @param err where messages go
 */
record Surroundings(
        Map<String, String> environment, InputStream in, PrintStream out, PrintStream err) {

    static Surroundings ofThisProcess() {
        return new Surroundings(System.getenv(), System.in, System.out, System.err);
    }
}
