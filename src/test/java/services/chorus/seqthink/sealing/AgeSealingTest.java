package services.chorus.seqthink.sealing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import services.chorus.seqthink.age.AgeFile;
import services.chorus.seqthink.age.Armor;
import services.chorus.seqthink.age.Encoding;
import services.chorus.seqthink.age.ScryptRecipient;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.sealing.Sealing.Incoming;
import services.chorus.seqthink.sealing.Sealing.Incoming.Cause;
import services.chorus.seqthink.testing.AgeKey;
import services.chorus.seqthink.testing.Client;

class AgeSealingTest {

    private static final Incoming UNREADABLE = new Incoming.Unanswerable(Cause.UNREADABLE);

    private final Correspondence post = Correspondence.start();
    private final AgeKey bareReader = AgeKey.generate();

    @Test
    void bindsAReplyToTheBytesOfItsRequest() {
        byte[] sealed = post.sealed(post.request());

        assertThat(requestHash(sealed)).isEqualTo(Client.sha256(sealed));
    }

    @Test
    void bindsAReplyToAnArmoredRequestsBinaryForm() throws Exception {
        byte[] binary = post.sealed(post.request());
        String armored = new String(Armor.armor(binary), UTF_8);

        for (String spelling : List.of(armored, "\n " + armored, armored.replace("\n", "\r\n"))) {
            assertThat(requestHash(spelling.getBytes(UTF_8))).isEqualTo(Client.sha256(binary));
        }
    }

    @Test
    void rejectsArmorWithinArmor() {
        byte[] twice = Armor.armor(Armor.armor(post.sealed(post.request())));

        assertThat(post.sealing().open(twice, post.expected())).isEqualTo(UNREADABLE);
    }

    @Test
    void rejectsMalformedArmor() {
        byte[] armored = Armor.armor(post.sealed(post.request()));

        for (byte[] broken :
                List.of(
                        Arrays.copyOf(armored, armored.length / 2),
                        new String(armored, UTF_8).replace("\n", "").getBytes(UTF_8),
                        "-----BEGIN".getBytes(UTF_8))) {
            assertThat(post.sealing().open(broken, post.expected())).isEqualTo(UNREADABLE);
        }
    }

    @Test
    void distinguishesAFileForOthersFromAMalformedOne() {
        byte[] sealed = post.sealed(post.request());
        byte[] toAnother =
                Client.sealed(post.request(), AgeKey.generate().recipient(), Encoding.BINARY);
        byte[] flipped = sealed.clone();
        flipped[flipped.length - 1] ^= 1;

        assertThat(post.sealing().open(toAnother, post.expected()))
                .isEqualTo(new Incoming.Unanswerable(Cause.NO_IDENTITY));
        assertThat(post.sealing().open(flipped, post.expected())).isEqualTo(UNREADABLE);
        assertThat(post.sealing().open(new byte[0], post.expected())).isEqualTo(UNREADABLE);
        for (int length = 0; length < sealed.length; length++) {
            assertThat(post.sealing().open(Arrays.copyOf(sealed, length), post.expected()))
                    .isEqualTo(UNREADABLE);
        }
    }

    @Test
    void opensNoPassphraseFile() throws Exception {
        try (ScryptRecipient passphrase = new ScryptRecipient("horse".getBytes(UTF_8), 10)) {
            byte[] sealed =
                    AgeFile.seal(
                            post.request().toString().getBytes(UTF_8),
                            List.of(passphrase),
                            Encoding.BINARY);

            assertThat(post.sealing().open(sealed, post.expected()))
                    .isEqualTo(new Incoming.Unanswerable(Cause.NO_IDENTITY));
        }
    }

    @Test
    void rejectsOnlyAPlaintextOverTheLimit() {
        ObjectNode request = post.request().put("padding", "");
        int room = Correspondence.MOST_BYTES - request.toString().length();

        assertThat(post.open(request.put("padding", "x".repeat(room))))
                .isInstanceOf(Incoming.Accepted.class);
        assertThat(post.open(request.put("padding", "x".repeat(room + 1))))
                .isEqualTo(new Incoming.Unanswerable(Cause.TOO_LARGE));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "thought",
                "null",
                "[]",
                "\"{}\"",
                "{} {}",
                "{\"tool\":\"a\",\"tool\":\"a\"}",
                "{\"payload\":{\"a\":1,\"a\":1}}"
            })
    void rejectsAPlaintextOtherThanAStrictJsonObject(String plaintext) {
        byte[] sealed = post.sealed(plaintext);

        assertThat(post.sealing().open(sealed, post.expected())).isEqualTo(UNREADABLE);
        assertThat(post.sealingForBareRequestsToo(bareReader).open(sealed, post.expected()))
                .isEqualTo(UNREADABLE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"request_id", "issued_at", "ath", "to", "reply_to", "session", "tool"})
    void rejectsADuplicateMember(String member) {
        ObjectNode request = post.request().put("session", "one");
        String twice =
                "{\"%s\":%s,".formatted(member, request.get(member))
                        + request.toString().substring(1);

        assertThat(post.open(request)).isInstanceOf(Incoming.Accepted.class);
        assertThat(post.sealing().open(post.sealed(twice), post.expected())).isEqualTo(UNREADABLE);
    }

    @Test
    void requiresAnEnvelope() {
        Incoming required = new Incoming.Unanswerable(Cause.ENVELOPE_REQUIRED);

        assertThat(post.open(post.bareRequest())).isEqualTo(required);
        assertThat(post.open(post.bareRequest().put("session", "one"))).isEqualTo(required);
        assertThat(post.open(StrictJson.object())).isEqualTo(required);
    }

    @Test
    void acceptsBareRequestsWhenConfigured() {
        AgeSealing sealing = post.sealingForBareRequestsToo(bareReader);

        Incoming.Accepted accepted =
                accepted(sealing.open(post.sealed(post.bareRequest()), post.expected()));

        assertThat(accepted.request()).isEqualTo(post.bareRequest());
        assertThat(accepted.from().recipients()).containsExactly(bareReader.identity().recipient());
        assertThat(accepted.from().binding()).isEmpty();
        assertThat(accepted.from().session()).isEqualTo("default");
    }

    @ParameterizedTest
    @ValueSource(strings = {"request_id", "issued_at", "ath", "to", "reply_to"})
    void treatsAnyEnvelopeMemberAsAnEnvelopeWhenBareRequestsAreAccepted(String member) {
        AgeSealing sealing = post.sealingForBareRequestsToo(bareReader);
        ObjectNode part = post.bareRequest();
        part.set(member, post.request().get(member));

        assertThat(sealing.open(post.sealed(part), post.expected())).isEqualTo(UNREADABLE);
        accepted(sealing.open(post.sealed(post.request()), post.expected()));
    }

    @Test
    void doesNotModifyTheBody() {
        byte[] sealed = post.sealed(post.request());
        byte[] before = sealed.clone();

        accepted(post.sealing().open(sealed, post.expected()));

        assertThat(sealed).isEqualTo(before);
    }

    @Test
    void bindsOnlyRepliesToBoundRequests() {
        ObjectNode reply = StrictJson.object().put("result", "done");
        ReplyTarget from = accepted(post.open(post.request())).from();
        ReplyTarget bare =
                new Keyring(
                                1,
                                Optional.empty(),
                                List.of(post.door().identity()),
                                List.of(bareReader.identity().recipient()))
                        .bareReplyTarget();

        ObjectNode bound = opened(post.sealing().seal(from, 403, reply, false), post.caller());
        ObjectNode unbound = opened(post.sealing().seal(bare, 403, reply, false), bareReader);

        assertThat(bound)
                .isEqualTo(
                        reply.deepCopy()
                                .put("request_id", from.binding().get().requestId())
                                .put("request_hash", from.binding().get().requestHash())
                                .put("status", 403));
        assertThat(unbound).isEqualTo(reply);
    }

    @Test
    void aReplyCannotOverrideItsBinding() {
        ReplyTarget from = accepted(post.open(post.request())).from();
        ObjectNode reply =
                StrictJson.object()
                        .put("request_id", "other")
                        .put("request_hash", "other")
                        .put("status", 500);

        ObjectNode bound = opened(post.sealing().seal(from, 200, reply, false), post.caller());

        assertThat(bound.get("request_id").textValue()).isEqualTo(from.binding().get().requestId());
        assertThat(bound.get("request_hash").textValue())
                .isEqualTo(from.binding().get().requestHash());
        assertThat(bound.get("status").intValue()).isEqualTo(200);
    }

    /** A tool that truncates a text may leave half of a surrogate pair. */
    @Test
    void sealsATextTruncatedInsideACharacter() {
        ReplyTarget from = accepted(post.open(post.request())).from();
        ObjectNode reply = StrictJson.object().put("result", "cut \ud83e");

        ObjectNode bound = opened(post.sealing().seal(from, 200, reply, false), post.caller());

        assertThat(bound.get("result").textValue()).isEqualTo("cut \ud83e");
    }

    @Test
    void armorsAReplyWhenAsked() {
        ReplyTarget from = accepted(post.open(post.request())).from();
        ObjectNode reply = StrictJson.object().put("result", "done");

        assertThat(Armor.isArmored(post.sealing().seal(from, 200, reply, false))).isFalse();
        byte[] armored = post.sealing().seal(from, 200, reply, true);

        assertThat(new String(armored, UTF_8)).startsWith("-----BEGIN AGE ENCRYPTED FILE-----\n");
        assertThat(opened(armored, post.caller()).get("result").textValue()).isEqualTo("done");
    }

    private String requestHash(byte[] body) {
        return accepted(post.sealing().open(body, post.expected()))
                .from()
                .binding()
                .orElseThrow()
                .requestHash();
    }

    private static ObjectNode opened(byte[] sealed, AgeKey key) {
        return StrictJson.parseObject(Correspondence.opened(sealed, key.identity())).orElseThrow();
    }

    private static Incoming.Accepted accepted(Incoming incoming) {
        return assertThat(incoming).asInstanceOf(type(Incoming.Accepted.class)).actual();
    }
}
