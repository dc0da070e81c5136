package services.chorus.seqthink.sealing;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static services.chorus.seqthink.sealing.Correspondence.NOW;
import static services.chorus.seqthink.sealing.Correspondence.ROUTE;
import static services.chorus.seqthink.sealing.Correspondence.TOKEN;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import services.chorus.seqthink.age.AgeException;
import services.chorus.seqthink.age.AgeFile;
import services.chorus.seqthink.age.Armor;
import services.chorus.seqthink.age.Encoding;
import services.chorus.seqthink.age.HybridIdentity;
import services.chorus.seqthink.age.KeyIdentity;
import services.chorus.seqthink.age.KeyRecipient;
import services.chorus.seqthink.age.Opened;
import services.chorus.seqthink.age.X25519Identity;
import services.chorus.seqthink.client.CallFailed;
import services.chorus.seqthink.client.OutgoingRequest;
import services.chorus.seqthink.client.OutgoingRequest.Addressing;
import services.chorus.seqthink.client.Reply;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.protocol.Binding;
import services.chorus.seqthink.sealing.Sealing.Expected;
import services.chorus.seqthink.sealing.Sealing.Incoming;
import services.chorus.seqthink.testing.Client;

/** The client and the gateway together. */
class RoundTripTest {

    private static final String REQUEST = "{\"tool\":\"t\",\"payload\":{\"a\":1}}";

    private final KeyIdentity caller = X25519Identity.generate();
    private final KeyIdentity current = X25519Identity.generate();
    private final KeyIdentity postQuantum = HybridIdentity.generate();
    private final KeyIdentity retired = X25519Identity.generate();
    private final List<KeyIdentity> identities = List.of(current, postQuantum, retired);
    private final AgeSealing door =
            new AgeSealing(
                    new Keyring(1, Optional.empty(), identities, List.of()),
                    true,
                    Freshness.always(Correspondence.WINDOW, InstantSource.fixed(NOW)),
                    Correspondence.MOST_BYTES);

    @ParameterizedTest
    @EnumSource
    void opensARequestWithAnyIdentityAndTheReplyOnlyForTheCaller(Encoding encoding)
            throws AgeException, CallFailed {
        for (KeyIdentity opener : identities) {
            OutgoingRequest request = request(opener.recipient(), encoding);
            assertThat(Armor.isArmored(request.sealed())).isEqualTo(encoding == Encoding.ARMORED);

            Incoming.Accepted accepted = accepted(request);
            assertThat(accepted.request()).isEqualTo(object(REQUEST));
            assertThat(accepted.from().session()).isEqualTo("second");
            byte[] sealed =
                    door.seal(accepted.from(), 200, object("{\"result\":{\"b\":2}}"), false);

            assertThat(AgeFile.open(sealed, identities, Correspondence.MOST_BYTES))
                    .isInstanceOf(Opened.NoIdentityMatched.class);
            assertThat(Reply.verify(Correspondence.opened(sealed, caller), request.binding()))
                    .isEqualTo(new Reply(200, object("{\"result\":{\"b\":2}}")));
        }
    }

    @Test
    void resealsARequestToOtherRecipientsWithTheSameId() throws AgeException {
        OutgoingRequest first = request(current.recipient(), Encoding.BINARY);
        OutgoingRequest again = first.sealAgain(List.of(retired.recipient()));

        assertThat(accepted(again).from().binding()).hasValue(again.binding());
        assertThat(again.binding().requestId()).isEqualTo(first.binding().requestId());
        assertThat(again.binding().requestHash()).isNotEqualTo(first.binding().requestHash());
        String plaintext = new String(Correspondence.opened(again.sealed(), retired), UTF_8);
        assertThat(plaintext).contains("\"issued_at\":" + NOW.getEpochSecond());
    }

    @Test
    void rejectsAReplyToAnotherRequest() throws AgeException, CallFailed {
        OutgoingRequest first = request(current.recipient(), Encoding.BINARY);
        OutgoingRequest second = request(current.recipient(), Encoding.BINARY);
        byte[] reply =
                Correspondence.opened(
                        door.seal(accepted(first).from(), 200, StrictJson.object(), false), caller);

        Binding mixed = new Binding(first.binding().requestId(), second.binding().requestHash());
        assertThat(Reply.verify(reply, first.binding()).status()).isEqualTo(200);
        assertThatExceptionOfType(CallFailed.class)
                .isThrownBy(() -> Reply.verify(reply, second.binding()));
        assertThatExceptionOfType(CallFailed.class).isThrownBy(() -> Reply.verify(reply, mixed));
    }

    @Test
    void writesTheEnvelopeThatTheProtocolSpecifies() throws AgeException {
        OutgoingRequest request = request(current.recipient(), Encoding.BINARY);

        ObjectNode plaintext =
                StrictJson.parseObject(Correspondence.opened(request.sealed(), current))
                        .orElseThrow();

        String requestId = plaintext.get("request_id").textValue();
        assertThat(requestId).matches("[0-9a-f]{32}").isEqualTo(request.binding().requestId());
        assertThat(request.binding().requestHash()).isEqualTo(Client.sha256(request.sealed()));
        ObjectNode written =
                object(REQUEST)
                        .put("request_id", requestId)
                        .put("issued_at", NOW.getEpochSecond())
                        .put("ath", Client.sha256(TOKEN.getBytes(US_ASCII)))
                        .put("to", ROUTE)
                        .put("reply_to", caller.recipient().toString())
                        .put("session", "second");
        assertThat(StrictJson.write(plaintext)).asString().isEqualTo(written.toString());
    }

    @Test
    void omitsOptionalMembers() throws AgeException {
        Addressing shortest = new Addressing(TOKEN, ROUTE, Optional.empty(), Optional.empty());
        OutgoingRequest request =
                OutgoingRequest.seal(
                        object(REQUEST),
                        shortest,
                        List.of(current.recipient()),
                        Encoding.BINARY,
                        NOW);

        ObjectNode plaintext =
                StrictJson.parseObject(Correspondence.opened(request.sealed(), current))
                        .orElseThrow();

        assertThat(plaintext.fieldNames())
                .toIterable()
                .containsExactly("tool", "payload", "request_id", "issued_at", "ath", "to");
    }

    @Test
    void rejectsSealingToNoOrMixedRecipients() {
        for (List<KeyRecipient> lot :
                List.<List<KeyRecipient>>of(
                        List.of(), List.of(current.recipient(), postQuantum.recipient()))) {
            assertThatThrownBy(
                            () ->
                                    OutgoingRequest.seal(
                                            object(REQUEST),
                                            addressing(),
                                            lot,
                                            Encoding.BINARY,
                                            NOW))
                    .isInstanceOf(AgeException.class);
        }
    }

    private OutgoingRequest request(KeyRecipient to, Encoding encoding) throws AgeException {
        return OutgoingRequest.seal(object(REQUEST), addressing(), List.of(to), encoding, NOW);
    }

    private Addressing addressing() {
        return new Addressing(TOKEN, ROUTE, Optional.of(caller.recipient()), Optional.of("second"));
    }

    private Incoming.Accepted accepted(OutgoingRequest request) {
        Expected expected =
                new Expected(
                        Optional.of(Client.sha256(TOKEN.getBytes(US_ASCII))),
                        ROUTE,
                        Optional.empty());
        return assertThat(door.open(request.sealed(), expected))
                .asInstanceOf(type(Incoming.Accepted.class))
                .actual();
    }

    private static ObjectNode object(String json) {
        return StrictJson.parseObject(json.getBytes(UTF_8)).orElseThrow();
    }
}
