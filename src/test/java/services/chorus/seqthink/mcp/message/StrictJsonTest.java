package services.chorus.seqthink.mcp.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

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
                "[1,]",
                "// secret\n{}"
            })
    void refusesWhatIsNotOneWellFormedDocumentWithoutQuotingIt(String json) {
        assertThatExceptionOfType(MalformedMessageException.class)
                .isThrownBy(() -> StrictJson.parse(json.getBytes(UTF_8)))
                .withMessageNotContaining("secret")
                .withNoCause()
                .extracting(MalformedMessageException::code)
                .isEqualTo(ErrorCode.PARSE_ERROR);
    }

    @Test
    void boundsTheDepth() {
        assertThat(StrictJson.parse(nested(StrictJson.MAX_DEPTH)).isArray()).isTrue();
        assertThatExceptionOfType(MalformedMessageException.class)
                .isThrownBy(() -> StrictJson.parse(nested(StrictJson.MAX_DEPTH + 1)));
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
        byte[] written = StrictJson.write(StrictJson.parse(json.getBytes(UTF_8)));

        assertThat(new String(written, UTF_8)).isEqualTo(json);
    }

    private static byte[] nested(int depth) {
        return ("[".repeat(depth) + "]".repeat(depth)).getBytes(UTF_8);
    }
}
