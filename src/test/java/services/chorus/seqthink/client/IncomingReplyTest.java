package services.chorus.seqthink.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.protocol.Binding;

class IncomingReplyTest {

    private static final IncomingReply ANOTHER_REQUEST =
            new IncomingReply.Foreign("The reply answers another request");
    private static final IncomingReply OTHER_BYTES =
            new IncomingReply.Foreign("The reply answers other bytes than were sent");
    private static final IncomingReply NO_STATUS =
            new IncomingReply.Foreign("The reply has no status");

    private final Binding binding = new Binding("own id", "own hash");

    @Test
    void believesItsOwnReply() {
        assertThat(judged(reply()))
                .isEqualTo(
                        new IncomingReply.Genuine(200, StrictJson.object().put("result", "done")));
    }

    @Test
    void refusesAnotherIdBeforeAnythingElse() {
        assertThat(judged(reply().put("request_id", "other"))).isEqualTo(ANOTHER_REQUEST);
        assertThat(judged(reply().put("request_id", "other").put("request_hash", "other")))
                .isEqualTo(ANOTHER_REQUEST);
        assertThat(judged(StrictJson.object())).isEqualTo(ANOTHER_REQUEST);
    }

    @Test
    void refusesAnotherHashBeforeAMissingStatus() {
        ObjectNode reply = reply().put("request_hash", "other");

        assertThat(judged(reply)).isEqualTo(OTHER_BYTES);
        assertThat(judged(without(reply, "status"))).isEqualTo(OTHER_BYTES);
        assertThat(judged(without(reply, "request_hash"))).isEqualTo(OTHER_BYTES);
    }

    @Test
    void refusesAReplyWithoutStatus() {
        assertThat(judged(without(reply(), "status"))).isEqualTo(NO_STATUS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "\"200\"", "200.5", "2e2", "4294967496", "true", "[200]"})
    void refusesAStatusThatIsNoWholeNumber(String json) {
        ObjectNode reply = reply();
        reply.set("status", StrictJson.parse(json.getBytes(UTF_8)).orElseThrow());

        assertThat(judged(reply)).isEqualTo(NO_STATUS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "1", "[\"own id\"]", "{}"})
    void refusesAnIdOrAHashThatIsNoText(String json) {
        for (String member : new String[] {"request_id", "request_hash"}) {
            ObjectNode reply = reply();
            reply.set(member, StrictJson.parse(json.getBytes(UTF_8)).orElseThrow());

            assertThat(judged(reply)).isInstanceOf(IncomingReply.Foreign.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "done", "{}{}"})
    void refusesWhatIsNoJsonObject(String plaintext) {
        assertThat(IncomingReply.of(plaintext.getBytes(UTF_8), binding))
                .isEqualTo(new IncomingReply.Foreign("The reply is no JSON object"));
    }

    @Test
    void refusesAMemberThatStandsTwice() {
        String twice = "{\"request_id\":\"other\"," + reply().toString().substring(1);

        assertThat(IncomingReply.of(twice.getBytes(UTF_8), binding))
                .isInstanceOf(IncomingReply.Foreign.class);
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

    private IncomingReply judged(ObjectNode reply) {
        return IncomingReply.of(StrictJson.write(reply), binding);
    }
}
