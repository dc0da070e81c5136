package services.chorus.seqthink.sealing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.protocol.After;
import services.chorus.seqthink.protocol.StreamEvent;
import services.chorus.seqthink.protocol.StreamEvent.End;
import services.chorus.seqthink.protocol.StreamEvent.Open;
import services.chorus.seqthink.protocol.StreamEvent.Reason;
import services.chorus.seqthink.protocol.StreamEvent.Thought;
import services.chorus.seqthink.sealing.Sealing.Incoming;
import services.chorus.seqthink.sealing.Sealing.Incoming.Cause;
import services.chorus.seqthink.testing.AgeKey;
import services.chorus.seqthink.testing.Client;

/** Requests for streams, and the sealing of their events. */
class StreamSealingTest {

    private static final Incoming NO_ENVELOPE = new Incoming.Unanswerable(Cause.ENVELOPE_REQUIRED);

    private final Correspondence post = Correspondence.start();

    @Test
    void acceptsARequestWithOnlyAnEnvelope() {
        ObjectNode request = post.request();
        request.remove("tool");
        request.remove("payload");

        assertThat(accepted(request).request()).isEmpty();
    }

    @Test
    void rejectsABareRequestEvenWhenBareCallsAreAccepted() {
        Sealing sealing = post.sealingForBareRequestsToo(AgeKey.generate());
        byte[] bare = post.sealed(StrictJson.object().put("after", 1));

        assertThat(sealing.openStream(bare, post.expected())).isEqualTo(NO_ENVELOPE);
        assertThat(sealing.openStream(new byte[0], post.expected())).isEqualTo(NO_ENVELOPE);
    }

    @Test
    void rejectsAnotherRouteAndAStaleRequest() {
        byte[] otherRoute = post.sealed(post.request().put("to", Correspondence.ROUTE + "/"));
        assertThat(post.sealing().openStream(otherRoute, post.expected()))
                .isEqualTo(new Incoming.Unanswerable(Cause.UNREADABLE));

        byte[] stale = post.sealed(post.request().put("issued_at", 1));
        assertThat(post.sealing().openStream(stale, post.expected()))
                .isInstanceOf(Incoming.Refused.class);
    }

    @Test
    void sealsEveryEventToTheCallerAndBindsItToTheRequest() {
        byte[] sealed = post.sealed(post.request());
        ReplyTarget from = accepted(post.request(), sealed).from();
        ObjectNode thought = StrictJson.object().put("tool", "t").put("at", 7);

        for (StreamEvent event :
                new StreamEvent[] {
                    new Open("e", 1, Optional.empty(), false),
                    new Thought("e", 2, thought),
                    new End("e", 2, Reason.TOO_SLOW)
                }) {
            ObjectNode opened = opened(post.sealing().seal(from, event));

            assertThat(opened.path("request_id").textValue()).isEqualTo("4fzyo82mvyr6yegq39l2gg");
            assertThat(opened.path("request_hash").textValue()).isEqualTo(Client.sha256(sealed));
            assertThat(opened.path("event").textValue()).isEqualTo(event.name());
            assertThat(opened.path("epoch").textValue()).isEqualTo("e");
            assertThat(opened.path("sequence").longValue()).isEqualTo(event.sequence());
            assertThat(opened.path("final").booleanValue()).isEqualTo(event instanceof End);
        }
    }

    @Test
    void namesTheTypeInEachEvent() {
        assertThat(new Open("e", 4, Optional.of(new After("d", 3)), true).members())
                .hasToString(
                        """
                        {"event":"open","epoch":"e","sequence":4,"final":false,\
                        "status":200,"lost":true,"after":3}""");
        assertThat(new Thought("e", 5, StrictJson.object().put("tool", "t").put("at", 7)).members())
                .hasToString(
                        """
                        {"event":"thought","epoch":"e","sequence":5,"final":false,\
                        "tool":"t","at":7}""");
        assertThat(new End("e", 5, Reason.LOST).members())
                .hasToString(
                        """
                        {"event":"end","epoch":"e","sequence":5,"final":true,"reason":"lost"}""");
    }

    @Test
    void requiresNoEnvelopeWithoutEncryption() {
        Sealing unsealed = new UnsealedForDevelopment();

        Incoming.Accepted accepted =
                assertThat(unsealed.openStream(new byte[0], post.expected()))
                        .asInstanceOf(type(Incoming.Accepted.class))
                        .actual();

        assertThat(unsealed.seal(accepted.from(), new End("", 0, Reason.SHUTDOWN)))
                .asString(StandardCharsets.UTF_8)
                .startsWith("{\"event\":\"end\"");
        assertThat(unsealed.openStream("{\"after\":1}".getBytes(), post.expected()))
                .isInstanceOf(Incoming.Accepted.class);
    }

    @Test
    void readsAfterWhichEventToContinue() {
        assertThat(after("{\"epoch\":\"e\",\"sequence\":7}")).contains(new After("e", 7));
        assertThat(after("{\"epoch\":\"\",\"sequence\":0}")).contains(new After("", 0));
        assertThat(After.lastEventId("7")).contains(new After("", 7));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "7",
                "{}",
                "{\"sequence\":7}",
                "{\"epoch\":\"e\"}",
                "{\"epoch\":1,\"sequence\":7}",
                "{\"epoch\":\"e\",\"sequence\":-1}",
                "{\"epoch\":\"e\",\"sequence\":1.0}",
                "{\"epoch\":\"e\",\"sequence\":9223372036854775808}"
            })
    void rejectsAMalformedAfter(String json) {
        assertThat(after(json)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "1.0", " 1", "one", "9223372036854775808", "١"})
    void rejectsAMalformedLastEventId(String header) {
        assertThat(After.lastEventId(header)).isEmpty();
    }

    private static Optional<After> after(String json) {
        return After.of(StrictJson.parse(json.getBytes(StandardCharsets.UTF_8)).orElseThrow());
    }

    private Incoming.Accepted accepted(ObjectNode request) {
        return accepted(request, post.sealed(request));
    }

    private Incoming.Accepted accepted(ObjectNode request, byte[] sealed) {
        return assertThat(post.sealing().openStream(sealed, post.expected()))
                .as("%s", request)
                .asInstanceOf(type(Incoming.Accepted.class))
                .actual();
    }

    private ObjectNode opened(byte[] sealed) {
        return StrictJson.parseObject(Correspondence.opened(sealed, post.caller().identity()))
                .orElseThrow();
    }
}
