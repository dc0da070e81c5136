package services.chorus.seqthink.cli;

import java.io.InputStream;
import java.io.PrintStream;
import java.time.Duration;
import services.chorus.seqthink.client.GatewayClient.Timeouts;
import services.chorus.seqthink.config.Heap;
import services.chorus.seqthink.config.Sources;

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
