package services.chorus.seqthink.json;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StrictJsonTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "{\"secret\":1,\"secret\":2}",
                "{\"a\":{\"secret\":1,\"secret\":1}}",
                "{} {}",
                "{}secret",
                "{'a':1}",
                "{\"a\":NaN}",
                "{\"a\":01}",
                "1e99999999999999",
                "1e-2147483648",
                "[1,]",
                "// secret\n{}"
            })
    void rejectsMalformedJson(String json) {
        assertThat(StrictJson.parse(json.getBytes(UTF_8))).isEmpty();
    }

    @Test
    void limitsTheDepth() {
        assertThat(StrictJson.parse(nested(StrictJson.MAX_DEPTH))).isPresent();
        assertThat(StrictJson.parse(nested(StrictJson.MAX_DEPTH + 1))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.0",
                "1E+400",
                "0.1000000000000000055511151231257827",
                "123456789012345678901234567890",
                "{\"b\":1,\"a\":[null,true,\"\\u0000\"]}"
            })
    void writesWhatItRead(String json) {
        byte[] written = StrictJson.write(StrictJson.parse(json.getBytes(UTF_8)).orElseThrow());

        assertThat(new String(written, UTF_8)).isEqualTo(json);
    }

    @Test
    void limitsTheTokens() {
        assertThat(StrictJson.parse(zeros(StrictJson.MAX_TOKENS - 2))).isPresent();
        assertThat(StrictJson.parse(zeros(StrictJson.MAX_TOKENS))).isEmpty();
    }

    private static byte[] zeros(int count) {
        return ("[0" + ",0".repeat(count - 1) + "]").getBytes(UTF_8);
    }

    @Test
    void readsUtf8Only() {
        assertThat(StrictJson.parse("{}".getBytes(UTF_16LE))).isEmpty();
        assertThat(StrictJson.parse(new byte[] {'"', (byte) 0xff, '"'})).isEmpty();
    }

    @Test
    void distinguishesObjectsFromOtherDocuments() {
        assertThat(StrictJson.parseObject("{}".getBytes(UTF_8))).isPresent();
        assertThat(StrictJson.parseObject("[]".getBytes(UTF_8))).isEmpty();
    }

    private static byte[] nested(int depth) {
        return ("[".repeat(depth) + "]".repeat(depth)).getBytes(UTF_8);
    }
}
