package services.chorus.seqthink.testing;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jboss.logmanager.formatters.PatternFormatter;

/** Records what is logged while it is open. */
public final class LogWatch extends Handler implements AutoCloseable {

    private static final Formatter FORMAT = new PatternFormatter("%c: %s");

    private final Queue<String> lines = new ConcurrentLinkedQueue<>();

    /** Records warnings and errors. */
    public LogWatch() {
        this(Level.WARNING);
    }

    /** Records messages of that level and above. */
    public LogWatch(Level least) {
        setLevel(least);
        Logger.getLogger("").addHandler(this);
    }

    /** The lines so far, each with the name of its logger before it. */
    public List<String> lines() {
        return List.copyOf(lines);
    }

    @Override
    public void publish(LogRecord record) {
        if (isLoggable(record)) {
            lines.add(FORMAT.format(record));
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        Logger.getLogger("").removeHandler(this);
    }
}
