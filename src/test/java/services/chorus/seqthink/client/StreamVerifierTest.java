package services.chorus.seqthink.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import services.chorus.seqthink.client.StreamVerifier.Ended;
import services.chorus.seqthink.client.StreamVerifier.Opened;
import services.chorus.seqthink.client.StreamVerifier.Thought;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.protocol.After;
import services.chorus.seqthink.protocol.Binding;

/** The events of a stream that a client accepts. */
class StreamVerifierTest {

    private static final Binding BINDING = new Binding("own id", "own hash");
    private static final String EPOCH = "one";

    private final StreamVerifier stream = new StreamVerifier(BINDING, Optional.empty());

    @Test
    void acceptsACompleteStream() {
        assertThat(next(open(EPOCH, 4))).isEqualTo(new Opened(false));
        assertThat(next(thought(EPOCH, 5)))
                .isEqualTo(
                        new Thought(StrictJson.object().put("sequence", 5).put("result", "done")));
        assertThat(next(thought(EPOCH, 6))).isInstanceOf(Thought.class);
        assertThat(stream.isTruncated()).isTrue();
        assertThat(next(end(EPOCH, 6))).isEqualTo(new Ended("shutdown"));
        assertThat(stream.isTruncated()).isFalse();
        assertThat(stream.last()).contains(new After(EPOCH, 6));
    }

    @Test
    void adoptsTheFirstThoughtsEpochIfThereWasNone() {
        next(open("", 0));
        assertThat(next(thought(EPOCH, 1))).isInstanceOf(Thought.class);
        assertThat(next(thought("two", 2))).isInstanceOf(CallFailed.class);
    }

    @Test
    void isTruncatedBeforeTheFirstEvent() {
        assertThat(stream.isTruncated()).isTrue();
        assertThat(stream.last()).isEmpty();
    }

    @Test
    void hasNoLastEventWhenTheFirstIsRejected() {
        assertThat(next(thought(EPOCH, 1))).isInstanceOf(CallFailed.class);
        assertThat(stream.last()).isEmpty();
    }

    @Test
    void rejectsASkippedEvent() {
        next(open(EPOCH, 0));
        assertThat(next(thought(EPOCH, 2))).isInstanceOf(CallFailed.class);
    }

    @Test
    void rejectsEverythingAfterARejectedEvent() {
        next(open(EPOCH, 0));
        next(thought(EPOCH, 2));

        assertThat(next(thought(EPOCH, 1))).isInstanceOf(CallFailed.class);
        assertThat(next(end(EPOCH, 0))).isInstanceOf(CallFailed.class);
        assertThat(stream.isTruncated()).isTrue();
        assertThat(stream.last()).contains(new After(EPOCH, 0));
    }

    @Test
    void rejectsARepeatedEvent() {
        next(open(EPOCH, 0));
        next(thought(EPOCH, 1));
        assertThat(next(thought(EPOCH, 1))).isInstanceOf(CallFailed.class);
    }

    @Test
    void rejectsAnEndAfterADroppedEvent() {
        next(open(EPOCH, 0));
        next(thought(EPOCH, 1));
        assertThat(next(end(EPOCH, 2))).isInstanceOf(CallFailed.class);
        assertThat(stream.isTruncated()).isTrue();
    }

    @Test
    void rejectsAnEndWithANegativeSequence() {
        next(open(EPOCH, 0));
        assertThat(next(end(EPOCH, -1))).isInstanceOf(CallFailed.class);
    }

    @Test
    void rejectsAnotherEpoch() {
        next(open(EPOCH, 0));
        assertThat(next(thought("two", 1))).isInstanceOf(CallFailed.class);
    }

    @Test
    void rejectsAThoughtWithoutAnEpoch() {
        next(open("", 0));
        assertThat(next(thought("", 1))).isInstanceOf(CallFailed.class);
    }

    @Test
    void rejectsAStreamWithoutAnOpen() {
        assertThat(next(thought(EPOCH, 1))).isInstanceOf(CallFailed.class);
        assertThat(next(new StreamVerifier(BINDING, Optional.empty()), end("", 0)))
                .isInstanceOf(CallFailed.class);
    }

    @Test
    void rejectsASecondOpen() {
        next(open(EPOCH, 0));
        assertThat(next(open(EPOCH, 0))).isInstanceOf(CallFailed.class);
    }

    @Test
    void rejectsEventsAfterTheEnd() {
        next(open(EPOCH, 0));
        next(end(EPOCH, 0));
        assertThat(next(end(EPOCH, 0))).isInstanceOf(CallFailed.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"request_id", "request_hash"})
    void rejectsAnotherRequestsEvents(String member) {
        next(open(EPOCH, 0));
        assertThat(next(thought(EPOCH, 1).put(member, "another's"))).isInstanceOf(CallFailed.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"request_id", "request_hash", "event", "epoch", "sequence", "final"})
    void rejectsAnEventWithAMissingMember(String member) {
        next(open(EPOCH, 0));
        ObjectNode less = thought(EPOCH, 1);
        less.remove(member);
        assertThat(next(less)).isInstanceOf(CallFailed.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sequence|1.0",
                "sequence|\"1\"",
                "sequence|18446744073709551617",
                "epoch|7",
                "event|\"comment\"",
                "event|\"end\"",
                "final|true",
                "final|\"false\""
            })
    void rejectsAMemberOfTheWrongTypeOrValue(String member, String json) {
        next(open(EPOCH, 0));
        ObjectNode event = thought(EPOCH, 1);
        event.set(member, StrictJson.parse(json.getBytes(UTF_8)).orElseThrow());
        assertThat(next(event)).isInstanceOf(CallFailed.class);
    }

    @Test
    void rejectsAnEndThatIsNotFinal() {
        next(open(EPOCH, 0));
        assertThat(next(end(EPOCH, 0).put("final", false))).isInstanceOf(CallFailed.class);
    }

    @Test
    void rejectsOtherThanAJsonObject() {
        assertThatExceptionOfType(CallFailed.class)
                .isThrownBy(() -> stream.next("[]".getBytes(UTF_8)));
    }

    @Test
    void continuesOnlyAtTheRequestedPlace() {
        After asked = new After(EPOCH, 3);

        assertThat(first(asked, open(EPOCH, 3).put("after", 3))).isEqualTo(new Opened(false));
        assertThat(first(asked, open(EPOCH, 9).put("after", 3).put("lost", true)))
                .isEqualTo(new Opened(true));
        assertThat(first(asked, open("two", 0).put("after", 3).put("lost", true)))
                .isEqualTo(new Opened(true));
        assertThat(first(asked, open(EPOCH, 9).put("after", 3))).isInstanceOf(CallFailed.class);
        assertThat(first(asked, open("two", 3).put("after", 3))).isInstanceOf(CallFailed.class);
        assertThat(first(asked, open(EPOCH, 3))).isInstanceOf(CallFailed.class);
    }

    @Test
    void continuesInTheFirstEpochIfItKnewNone() {
        After asked = new After("", 0);

        assertThat(first(asked, open(EPOCH, 0).put("after", 0))).isEqualTo(new Opened(false));
        assertThat(first(asked, open(EPOCH, 2).put("after", 0))).isInstanceOf(CallFailed.class);
    }

    @Test
    void rejectsAPlaceThatItDidNotRequest() {
        assertThat(next(open(EPOCH, 5).put("after", 5))).isInstanceOf(CallFailed.class);
    }

    private static Object first(After asked, ObjectNode open) {
        return next(new StreamVerifier(BINDING, Optional.of(asked)), open);
    }

    private Object next(ObjectNode event) {
        return next(stream, event);
    }

    /** The verified event, or the failure. */
    private static Object next(StreamVerifier stream, ObjectNode event) {
        try {
            return stream.next(StrictJson.write(event));
        } catch (CallFailed e) {
            return e;
        }
    }

    private static ObjectNode open(String epoch, long sequence) {
        return event("open", epoch, sequence).put("status", 200).put("lost", false);
    }

    private static ObjectNode thought(String epoch, long sequence) {
        return event("thought", epoch, sequence).put("result", "done");
    }

    private static ObjectNode end(String epoch, long sequence) {
        return event("end", epoch, sequence).put("final", true).put("reason", "shutdown");
    }

    private static ObjectNode event(String name, String epoch, long sequence) {
        return StrictJson.object()
                .put("request_id", "own id")
                .put("request_hash", "own hash")
                .put("event", name)
                .put("epoch", epoch)
                .put("sequence", sequence)
                .put("final", false);
    }
}
