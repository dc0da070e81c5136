package services.chorus.seqthink.sealing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static services.chorus.seqthink.sealing.Correspondence.NOW;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import services.chorus.seqthink.sealing.Sealing.Expected;
import services.chorus.seqthink.sealing.Sealing.Incoming;
import services.chorus.seqthink.sealing.Sealing.Incoming.Cause;
import services.chorus.seqthink.testing.Client;

/** The valid members of an envelope, and the order in which they are checked. */
class BoundRequestTest {

    private static final Incoming UNREADABLE = new Incoming.Unanswerable(Cause.UNREADABLE);

    private final Correspondence post = Correspondence.start();

    @Test
    void acceptsAValidEnvelopeAndRemovesItFromTheRequest() {
        ObjectNode request = post.request().put("session", "second");

        Incoming.Accepted accepted = accepted(post.open(request));

        assertThat(accepted.request()).isEqualTo(post.bareRequest());
        ReplyTarget from = accepted.from();
        assertThat(from.recipients()).containsExactly(post.caller().identity().recipient());
        assertThat(from.name()).isEqualTo(post.caller().recipient());
        assertThat(from.session()).isEqualTo("second");
        assertThat(from.binding().orElseThrow().requestId())
                .isEqualTo(request.get("request_id").textValue());
    }

    @ParameterizedTest
    @ValueSource(strings = {"ath", "to", "request_id", "reply_to"})
    void sendsNoSealedReplyWhenAMemberIsMissing(String member) {
        assertThat(post.open(post.requestWithout(member))).isEqualTo(UNREADABLE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ath", "to", "request_id", "reply_to"})
    void sendsNoSealedReplyWhenAMemberIsNotAString(String member) {
        for (String json : List.of("null", "true", "1", "1.5", "[]", "{}", "\"\"")) {
            assertThat(post.open(post.requestWith(member, json))).as(json).isEqualTo(UNREADABLE);
        }
        String good = post.request().get(member).toString();
        for (String json : List.of("[" + good + "]", "{\"" + member + "\":" + good + "}")) {
            assertThat(post.open(post.requestWith(member, json))).as(json).isEqualTo(UNREADABLE);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ath", "to"})
    void comparesTheTokenHashAndTheRouteExactly(String member) {
        String good = post.request().get(member).textValue();
        for (String other :
                List.of(good + "=", good + " ", " " + good, good + "\n", good + "/", good + "\0")) {
            assertThat(post.open(post.request().put(member, other))).isEqualTo(UNREADABLE);
        }
        for (String other :
                List.of(good.toUpperCase(), good.substring(1), good.replace('/', '\\') + "?")) {
            assertThat(post.open(post.request().put(member, other))).isEqualTo(UNREADABLE);
        }
    }

    @Test
    void rejectsTheHashOfAnotherToken() {
        ObjectNode request = post.request().put("ath", Client.sha256(new byte[] {1}));

        assertThat(post.open(request)).isEqualTo(UNREADABLE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://door.example/mcp/tool",
                "https://door.example/mcp",
                "https://door.example:443/mcp/tool",
                "https://door.example/mcp/tool?a=b",
                "https://DOOR.example/mcp/tool",
                "https://other.example/mcp/tool",
                "/mcp/tool"
            })
    void rejectsAnotherRoute(String to) {
        assertThat(post.open(post.request().put("to", to))).isEqualTo(UNREADABLE);
    }

    @Test
    void requiresNoTokenHashWhenPolicyIsOff() {
        Expected expected = new Expected(Optional.empty(), Correspondence.ROUTE, Optional.empty());

        accepted(post.open(post.requestWithout("ath"), expected));
        assertThat(post.open(post.requestWithout("to"), expected)).isEqualTo(UNREADABLE);
    }

    /** A mismatch gives the one indistinguishable 400, whatever else is wrong. */
    @ParameterizedTest
    @CsvSource({"ath,wrong", "to,https://other.example/mcp/tool"})
    void comparesTokenAndRouteBeforeAnythingElse(String member, String wrong) {
        InstantSource unasked =
                () -> {
                    throw new AssertionError("The clock was asked");
                };
        Expected expected = post.expectedWithClaim(post.caller().recipient());
        ObjectNode request = post.request().put(member, wrong);
        List<ObjectNode> alsoWrong =
                List.of(
                        request,
                        request.deepCopy().put("issued_at", 0),
                        request.deepCopy().put("reply_to", post.door().recipient()),
                        request.deepCopy().put("request_id", 1),
                        request.deepCopy().put("session", 1));
        for (ObjectNode each : alsoWrong) {
            assertThat(post.sealing(unasked).open(post.sealed(each), expected))
                    .isEqualTo(UNREADABLE);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "4fzyo82mvyr6yegq39l2gg",
                "----------------------",
                "00112233445566778899aabbccddeeff",
                "7e0ed4b4-6b5b-4a3c-8f6a-0d3e6a1c2b4d"
            })
    void acceptsIdsOfEnoughLength(String id) {
        accepted(post.open(post.request().put("request_id", id)));
        accepted(post.open(post.request().put("request_id", id.repeat(128).substring(0, 128))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "4fzyo82mvyr6yegq39l2g",
                "4fzyo82mvyr6yegq39l2gg==",
                "4fzyo82mvyr6yegq39l2g+",
                "4fzyo82mvyr6yegq39l2gg\n",
                "4fzyo82mvyr6yegq39l2g\u00e9"
            })
    void rejectsMalformedIds(String id) {
        assertThat(post.open(post.request().put("request_id", id))).isEqualTo(UNREADABLE);
        assertThat(post.open(post.request().put("request_id", "a".repeat(129))))
                .isEqualTo(UNREADABLE);
    }

    @ParameterizedTest
    @ValueSource(longs = {-60, -59, 0, 59, 60})
    void acceptsARequestIssuedWithinTheWindow(long secondsFromNow) {
        long issuedAt = NOW.getEpochSecond() + secondsFromNow;

        accepted(post.open(post.request().put("issued_at", issuedAt)));
    }

    @ParameterizedTest
    @ValueSource(longs = {-999_000_000_000_000L, -1_900_000_001, -61, 61, 900_000_000_000_000L})
    void rejectsARequestIssuedOutsideTheWindow(long secondsFromNow) {
        long issuedAt = NOW.getEpochSecond() + secondsFromNow;

        Incoming.Refused refused = refused(post.open(post.request().put("issued_at", issuedAt)));

        assertThat(refused.refusal().status()).isEqualTo(403);
        assertThat(refused.refusal().code()).isEqualTo("stale-request");
        assertThat(refused.refusal().message()).contains("60 seconds", "1900000000");
        assertAnswersTheCaller(refused);
    }

    @Test
    void readsTheClockForEachRequest() {
        AtomicReference<Instant> now = new AtomicReference<>(NOW.plusSeconds(60));
        AgeSealing sealing = post.sealing(now::get);
        byte[] sealed = post.sealed(post.request());

        accepted(sealing.open(sealed, post.expected()));
        now.set(NOW.plusSeconds(61));
        assertThat(refused(sealing.open(sealed, post.expected())).refusal().code())
                .isEqualTo("stale-request");
    }

    /** RFC 7519 section 2: a NumericDate may have a fraction, which is dropped. */
    @ParameterizedTest
    @ValueSource(strings = {"1900000000.0", "1.9e9", "1900000060.999", "1899999940.1", "19E8"})
    void acceptsSecondsInAnyJsonNotation(String json) {
        accepted(post.open(post.requestWith("issued_at", json)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "true",
                "\"1900000000\"",
                "[1900000000]",
                "{}",
                "1e15",
                "-1e15",
                "1e400",
                "18446744075609551616"
            })
    void rejectsAMalformedIssuedAtInsideTheSeal(String json) {
        assertBadEnvelope(post.open(post.requestWith("issued_at", json)), "issued_at");
        assertBadEnvelope(post.open(post.requestWithout("issued_at")), "issued_at");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "true", "1", "[\"a\"]", "{}", "\"\""})
    void rejectsAMalformedSessionInsideTheSeal(String json) {
        assertBadEnvelope(post.open(post.requestWith("session", json)), "session");
    }

    @Test
    void usesTheDefaultSessionWhenNoneIsGiven() {
        assertThat(accepted(post.open(post.request())).from().session()).isEqualTo("default");
    }

    /** The limit counts code points, not UTF-16 or UTF-8 units. */
    @ParameterizedTest
    @ValueSource(strings = {"a", "\u00e9", "\u6f22", "\ud83e\udde0"})
    void takesASessionOfUpTo64Characters(String character) {
        String longest = character.repeat(64);

        assertThat(accepted(post.open(post.request().put("session", longest))).from().session())
                .isEqualTo(longest);
        assertBadEnvelope(post.open(post.request().put("session", longest + character)), "session");
    }

    private void assertBadEnvelope(Incoming incoming, String member) {
        Incoming.Refused refused = refused(incoming);
        assertThat(refused.refusal().status()).isEqualTo(400);
        assertThat(refused.refusal().code()).isEqualTo("bad-envelope");
        assertThat(refused.refusal().message()).startsWith("The envelope's " + member + " must be");
        assertAnswersTheCaller(refused);
    }

    private void assertAnswersTheCaller(Incoming.Refused refused) {
        assertThat(refused.from().recipients())
                .containsExactly(post.caller().identity().recipient());
        assertThat(refused.from().binding()).isPresent();
    }

    private static Incoming.Accepted accepted(Incoming incoming) {
        return assertThat(incoming).asInstanceOf(type(Incoming.Accepted.class)).actual();
    }

    private static Incoming.Refused refused(Incoming incoming) {
        return assertThat(incoming).asInstanceOf(type(Incoming.Refused.class)).actual();
    }
}
