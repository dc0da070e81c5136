package services.chorus.seqthink.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import services.chorus.seqthink.json.VisibleText;

class EscapedOutputTest {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new EscapedOutput(new PrintStream(bytes, true, UTF_8));

    @ParameterizedTest
    @ValueSource(
            ints = {
                0x00, 0x07, 0x08, 0x0B, 0x0D, 0x1B, 0x7F, 0x80, 0x85, 0x9B, 0x9D, 0x9F, 0xAD,
                0x061C, 0x200B, 0x200E, 0x200F, 0x2028, 0x2029, 0x202A, 0x202E, 0x2060, 0x2066,
                0x2069, 0xD800, 0xDFFF, 0xFEFF, 0xFFF9, 0xE0001, 0xE0041
            })
    void escapesWhatATerminalWouldInterpret(int code) throws Exception {
        String text = new StringBuilder("a").appendCodePoint(code).append("b").toString();

        out.println("{\"text\":\"" + text + "\"}");
        out.printf("%s%n", text);
        out.print(text.toCharArray());
        out.append(text).append(text, 0, 1);
        text.chars().filter(unit -> unit != '\n').forEach(unit -> out.print((char) unit));

        String printed = bytes.toString(UTF_8);
        assertThat(printed).matches("[\\x20-\\x7e\\n]*");
        assertThat(new ObjectMapper().readTree(printed.lines().findFirst().orElseThrow()))
                .isEqualTo(new ObjectMapper().createObjectNode().put("text", text));
    }

    @Test
    void printsOtherTextAsItIs() {
        String text = "J\u00fcrgen \u2603 \ud83d\ude00 \u0645\u06cc\u200c\u062e\ttwo";
        out.println(text);
        assertThat(bytes.toString(UTF_8)).isEqualTo(text + System.lineSeparator());
    }

    @Test
    void changesNoBytes() {
        byte[] raw = {0, 27, (byte) 0x9b, (byte) 0xff};
        out.write(raw, 0, raw.length);
        out.flush();
        assertThat(bytes.toByteArray()).isEqualTo(raw);
    }

    @Test
    void aTextBeginsNoLineOfItsOwn() {
        out.println("a\nb");
        out.printf("%s %d%n", "c\nd\r\ne", 1);
        assertThat(bytes.toString(UTF_8).lines()).containsExactly("a\\nb", "c\\nd\\u000d\\ne 1");
    }

    @Test
    void keepsAMessageInOneLine() {
        assertThat(VisibleText.inOneLine("a\nallowed: b\u009b")).isEqualTo("a\\nallowed: b\\u009b");
    }
}
