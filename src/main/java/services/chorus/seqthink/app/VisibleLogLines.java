package services.chorus.seqthink.app;

import io.quarkus.logging.LoggingFilter;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.logging.Filter;
import java.util.logging.Formatter;
import java.util.logging.LogRecord;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.ExtLogRecord.FormatStyle;
import org.jboss.logmanager.formatters.PatternFormatter;
import services.chorus.seqthink.json.VisibleText;

/**
 * Keeps each message in one log line that a terminal shows and does not interpret, in text and in
 * JSON, whoever logs it. {@code application.properties} names it for the console; every record
 * passes.
 */
@LoggingFilter(name = "visible-log-lines")
public final class VisibleLogLines implements Filter {

    private final Formatter message = new PatternFormatter("%s");

    @Override
    public boolean isLoggable(LogRecord record) {
        if (record instanceof ExtLogRecord line) {
            rewrite(line, message.format(line));
        }
        return true;
    }

    private static void rewrite(ExtLogRecord line, String message) {
        String shown = VisibleText.inOneLine(message);
        Throwable thrown = line.getThrown();
        if (thrown != null) {
            String trace = trace(thrown);
            String shownTrace = VisibleText.of(trace);
            // a formatter would print the messages of the exception and its causes as they are
            if (!shownTrace.equals(trace)) {
                shown += "\n" + shownTrace.stripTrailing();
                line.setThrown(null);
            }
        }
        if (!shown.equals(message)) {
            line.setMessage(shown, FormatStyle.NO_FORMAT);
        }
    }

    private static String trace(Throwable thrown) {
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text, true));
        return text.toString();
    }
}
