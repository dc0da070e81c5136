package services.chorus.seqthink.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.logging.LoggingFilter;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.util.Properties;
import java.util.logging.Formatter;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.ExtLogRecord.FormatStyle;
import org.jboss.logmanager.Level;
import org.jboss.logmanager.formatters.JsonFormatter;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VisibleLogLinesTest {

    private static final Formatter TEXT = new PatternFormatter("%p %s%e%n");

    @ParameterizedTest
    @ValueSource(
            ints = {
                0x00, 0x07, 0x1B, 0x7F, 0x80, 0x85, 0x9B, 0x9F, 0x061C, 0x200E, 0x2028, 0x2029,
                0x202E, 0x2066, 0xD800, 0xFEFF, 0xE0001
            })
    void escapesWhatATerminalWouldInterpret(int code) throws IOException {
        String hostile = new StringBuilder("a").appendCodePoint(code).append("b").toString();
        RuntimeException thrown = new RuntimeException("x", new IOException(hostile));

        for (Formatter format : new Formatter[] {TEXT, new JsonFormatter()}) {
            assertThat(format.format(passed("why: %s", hostile, null)))
                    .matches("[\\x20-\\x7e\\n]*");
            assertThat(format.format(passed("why: %s", "x", thrown)))
                    .matches("[\\x20-\\x7e\\n\\t]*")
                    .contains("java.io.IOException: a");
        }
        JsonNode json =
                new ObjectMapper()
                        .readTree(new JsonFormatter().format(passed("%s", hostile, null)));
        assertThat(json.path("message").asText()).startsWith("a\\u").endsWith("b");
    }

    @Test
    void aMessageBeginsNoLineOfItsOwn() {
        assertThat(TEXT.format(passed("why: %s", "a\nINFO forged\r\nINFO too", null)))
                .isEqualTo("WARN why: a\\nINFO forged\\u000d\\nINFO too\n");
    }

    @Test
    void changesNothingElse() {
        RuntimeException thrown = new RuntimeException("J\u00fcrgen");
        ExtLogRecord line = passed("J\u00fcrgen %s", "100 %", thrown);

        assertThat(new PatternFormatter("%s").format(line)).isEqualTo("J\u00fcrgen 100 %");
        assertThat(line.getThrown()).isSameAs(thrown);
    }

    @Test
    void theConsoleUsesIt() throws IOException {
        Properties settings = new Properties();
        try (InputStream file = getClass().getResourceAsStream("/application.properties")) {
            settings.load(new InputStreamReader(file, UTF_8));
        }
        assertThat(settings.getProperty("quarkus.log.console.filter"))
                .isEqualTo(VisibleLogLines.class.getAnnotation(LoggingFilter.class).name());
    }

    private static ExtLogRecord passed(String message, String parameter, Throwable thrown) {
        ExtLogRecord line =
                new ExtLogRecord(Level.WARN, message, FormatStyle.PRINTF, "of.the.logger");
        line.setParameters(new Object[] {parameter});
        line.setThrown(thrown);
        assertThat(new VisibleLogLines().isLoggable(line)).isTrue();
        return line;
    }
}
