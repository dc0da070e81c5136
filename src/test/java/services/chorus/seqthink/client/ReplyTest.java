package services.chorus.seqthink.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.protocol.Binding;

class ReplyTest {

    private static final String ANOTHER_REQUEST = "The reply answers another request";
    private static final String OTHER_BYTES = "The reply answers a request with other bytes";
    private static final String NO_STATUS = "The reply has no status";

    private final Binding binding = new Binding("own id", "own hash");

    @Test
    void acceptsTheReplyToItsRequest() throws CallFailed {
        assertThat(Reply.verify(StrictJson.write(reply()), binding))
                .isEqualTo(new Reply(200, StrictJson.object().put("result", "done")));
    }

    @Test
    void comparesTheIdBeforeAnythingElse() {
        assertThat(refusal(reply().put("request_id", "other"))).isEqualTo(ANOTHER_REQUEST);
        assertThat(refusal(reply().put("request_id", "other").put("request_hash", "other")))
                .isEqualTo(ANOTHER_REQUEST);
        assertThat(refusal(StrictJson.object())).isEqualTo(ANOTHER_REQUEST);
    }

    @Test
    void comparesTheHashBeforeTheStatus() {
        ObjectNode reply = reply().put("request_hash", "other");

        assertThat(refusal(reply)).isEqualTo(OTHER_BYTES);
        assertThat(refusal(without(reply, "status"))).isEqualTo(OTHER_BYTES);
        assertThat(refusal(without(reply, "request_hash"))).isEqualTo(OTHER_BYTES);
    }

    @Test
    void rejectsAReplyWithoutStatus() {
        assertThat(refusal(without(reply(), "status"))).isEqualTo(NO_STATUS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "\"200\"", "200.5", "2e2", "4294967496", "true", "[200]"})
    void rejectsAStatusThatIsNotAnInteger(String json) {
        ObjectNode reply = reply();
        reply.set("status", StrictJson.parse(json.getBytes(UTF_8)).orElseThrow());

        assertThat(refusal(reply)).isEqualTo(NO_STATUS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "1", "[\"own id\"]", "{}"})
    void rejectsAnIdOrHashThatIsNotAString(String json) {
        for (String member : new String[] {"request_id", "request_hash"}) {
            ObjectNode reply = reply();
            reply.set(member, StrictJson.parse(json.getBytes(UTF_8)).orElseThrow());

            assertThat(refusal(reply)).isIn(ANOTHER_REQUEST, OTHER_BYTES);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "done", "{}{}"})
    void rejectsOtherThanAJsonObject(String plaintext) {
        assertThat(refusal(plaintext.getBytes(UTF_8))).isEqualTo("The reply is not a JSON object");
    }

    @Test
    void rejectsADuplicateMember() {
        String twice = "{\"request_id\":\"other\"," + reply().toString().substring(1);

        assertThat(refusal(twice.getBytes(UTF_8))).isEqualTo("The reply is not a JSON object");
    }

    private static ObjectNode reply() {
        return StrictJson.object()
                .put("request_id", "own id")
                .put("request_hash", "own hash")
                .put("status", 200)
                .put("result", "done");
    }

    private static ObjectNode without(ObjectNode reply, String member) {
        ObjectNode less = reply.deepCopy();
        less.remove(member);
        return less;
    }

    private String refusal(ObjectNode reply) {
        return refusal(StrictJson.write(reply));
    }

    private String refusal(byte[] opened) {
        return assertThatExceptionOfType(CallFailed.class)
                .isThrownBy(() -> Reply.verify(opened, binding))
                .actual()
                .getMessage();
    }
}
