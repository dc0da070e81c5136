package services.chorus.seqthink.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every document must be read, or rejected, as when all of its strings are left to Jackson. */
class TakenStringsTest {

    private static final int NONE = Integer.MAX_VALUE;

    private static final String[] PARTS = {
        "{",
        "}",
        "[",
        "]",
        ":",
        ",",
        "\"",
        "\"",
        "\"",
        "\\",
        "\\\\",
        "\\\"",
        "\\n",
        "\\/",
        "\\u0041",
        "\\ud83e\\udde0",
        "\\ud83e",
        "\\x",
        "\n",
        "\u0000",
        " ",
        "a",
        "bc",
        "12345678",
        "\u00e9",
        "\u20ac",
        "\ud83e\udde0",
        "\ufffd",
        "'",
        "/*",
        "*/",
        "//",
        "#",
        "1",
        "-0.5e1",
        "true",
        "null"
    };

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"alone\"",
                "[\"\",\"one\",\"two \\\" \\\\ \\/ \\b\\f\\n\\r\\t\",\"\",3]",
                "{\"name\":\"value\",\"name2\" \n: {\"name3\":[\"x\",{\"y\":\"z\"}]},\"last\":\"\"}",
                "[\"\\u0041\",\"B\",\"\\ud83e\\udde0\",\"C\",\"\\ud83e\",\"D\"]",
                "[\"\u00e9\u20ac\ud83e\udde0\ufffd\",\"next\"]",
                "{\"a\":\"one\",\"a\":\"two\"}",
                "{\"a\":\"one\",\"\\u0061\":\"two\"}",
                "[\"\\x\"]",
                "[\"\\u00g0\"]",
                "[\"line\nend\"]",
                "[\"\u0000\"]",
                "[\"open]",
                "[\"open\\\"]",
                "\"",
                "\"\\",
                "[\"a\":\"b\"]",
                "[\"a\" \"b\"]",
                "['a\",\"b\"]",
                "[/*\"*/\"a\"]",
                "{\"a\":\"b\"} \"c\"",
                "{\"a\" \"b\"}"
            })
    void readsAsJacksonDoes(String json) {
        same(json.getBytes(UTF_8));
        same(json.replace("a", "a".repeat(30)).getBytes(UTF_8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u00ff",
                "\u00c0\u00af",
                "\u00ed\u00a0\u0080",
                "\u00f4\u0090\u0080\u0080",
                "\u00e2\u0082",
                "\u0080"
            })
    void rejectsStringsThatAreNotUtf8(String bytes) {
        for (String json :
                new String[] {"\"%s\"", "[\"a%sb\",\"c\"]", "{\"%s\":\"a\"}", "\"\\n%s\""}) {
            byte[] document = json.formatted(bytes).getBytes(ISO_8859_1);
            same(document);
            assertThat(StrictJson.parse(document, 1)).isEmpty();
        }
    }

    @Test
    void readsRandomDocumentsAsJacksonDoes() throws Exception {
        Random random = new Random(14);
        int valid = 0;
        for (int i = 0; i < 50_000; i++) {
            StringBuilder json = new StringBuilder(random.nextBoolean() ? "[\"" : "{\"a\":\"");
            boolean object = json.charAt(0) == '{';
            for (int left = random.nextInt(12); left > 0; left--) {
                json.append(PARTS[random.nextInt(PARTS.length)]);
            }
            json.append(object ? "\",\"b\":\"end\"}" : "\",\"end\"]");
            valid += same(json.toString().getBytes(UTF_8)) ? 1 : 0;
        }
        assertThat(valid).isBetween(5_000, 45_000);
    }

    @Test
    void readsLongStrings() throws Exception {
        String text = "one \"two\"\nthree \u00e9\u20ac\ud83e\udde0 ".repeat(100_000);
        ObjectNode document = StrictJson.object().put("text", text).put("after", "short");

        for (byte[] json :
                new byte[][] {
                    StrictJson.write(document), new ObjectMapper().writeValueAsBytes(document)
                }) {
            assertThat(StrictJson.parse(json)).contains(document);
        }
    }

    @Test
    void leavesStringsAloneThatAreAddedLater() {
        ObjectNode tree =
                (ObjectNode)
                        StrictJson.parse("{\"a\":\"long\",\"b\":{},\"c\":[]}".getBytes(UTF_8), 1)
                                .orElseThrow();

        tree.put("d", "new").withObject("/b").put("e", "new");
        tree.withArray("/c").add("new");

        assertThat(tree)
                .hasToString(
                        "{\"a\":\"long\",\"b\":{\"e\":\"new\"},\"c\":[\"new\"],\"d\":\"new\"}");
    }

    @Test
    void leavesStringsOverTheLimitToJackson() {
        byte[] json = "[\"long\",\"longer\"]".getBytes(UTF_8);

        assertThat(TakenStrings.of(json, 5, 6).taken()).containsOnlyKeys(1);
        assertThat(TakenStrings.of(json, 4, 5).taken()).containsOnlyKeys(0);
    }

    /** Whether the document is valid. */
    private static boolean same(byte[] json) {
        Optional<JsonNode> expected = StrictJson.parse(json, NONE);
        assertThat(TakenStrings.of(json, NONE, NONE).rest()).isEqualTo(json);
        for (int shortest : new int[] {0, 1, 8}) {
            assertThat(StrictJson.parse(json, shortest))
                    .as(new String(json, UTF_8))
                    .isEqualTo(expected);
        }
        return expected.isPresent();
    }
}
