package services.chorus.seqthink.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Strings of every length and content must look as Jackson writes them; those with surrogate pairs,
 * which may be written in two ways, must be read as the same.
 */
class LongStringsTest {

    private static final ObjectMapper JACKSON = new ObjectMapper();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\"",
                "\\",
                "\n\r\t\b\f\u0000\u001f",
                "\u007f\u0080\u009f\u00a0\u00e9\u00ff",
                "\u0100\u20ac\u2028",
                "\ud83e\udde0",
                "\ud83e",
                "?\udde0",
                "\ud83e\ud83e\udde0",
                "\udde0\ud83e"
            })
    void writesEachKindOfCharacterAtEachPlaceAsJacksonDoes(String kind) throws Exception {
        for (int length = 0;
                length < LongStrings.LONG + 20;
                length = length < 20 ? length + 1 : length + 7) {
            same("x".repeat(length) + kind + "x".repeat(300));
            same("x".repeat(300) + kind + "x".repeat(length));
            same("x".repeat(length) + kind);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\ud83e\udde0", "\ud83e", "\udde0", "\n", "\u00e9", "\u20ac"})
    void writesEachKindOfCharacterWhereTwoPiecesMeet(String kind) throws Exception {
        for (int before = -3; before <= 3; before++) {
            String start = "x".repeat(LongStrings.PIECE + before) + kind;
            same(start);
            same(start + "x".repeat(LongStrings.PIECE - 1) + kind + "x");
            same(start + kind.repeat(LongStrings.PIECE));
        }
    }

    @Test
    void writesPairsInUtf8() {
        String text = "\ud83e\udde0".repeat(10_000);

        assertThat(StrictJson.write(new TextNode(text)))
                .isEqualTo(("\"" + text + "\"").getBytes(UTF_8));
    }

    @Test
    void writesRandomStringsAsJacksonDoes() throws Exception {
        Random random = new Random(12);
        for (int i = 0; i < 20_000; i++) {
            int highest = new int[] {0x24, 0x60, 0x80, 0x100, 0x10000}[random.nextInt(5)];
            StringBuilder text = new StringBuilder();
            for (int left = random.nextInt(2 * LongStrings.LONG); left > 0; left--) {
                text.append((char) random.nextInt(highest));
            }
            same(text.toString());
        }
    }

    @Test
    void stopsWritingAtALimit() {
        ObjectNode document = StrictJson.object().put("text", "x".repeat(10_000));
        byte[] whole = StrictJson.write(document);

        assertThat(StrictJson.write(document, whole.length)).contains(whole);
        assertThat(StrictJson.write(document, whole.length - 1)).isEmpty();
        assertThat(StrictJson.write(document, 1_000)).isEmpty();
    }

    private static void same(String text) throws Exception {
        ObjectNode document = StrictJson.object().put("text", text).put("after", 1);
        document.putArray("more").add(text).add(new TextNode(text));

        byte[] written = StrictJson.write(document);
        assertThat(StrictJson.parse(written)).contains(document);
        if (text.codePoints().noneMatch(Character::isSupplementaryCodePoint)) {
            assertThat(new String(written, UTF_8))
                    .isEqualTo(new String(JACKSON.writeValueAsBytes(document), UTF_8));
        }
    }
}
