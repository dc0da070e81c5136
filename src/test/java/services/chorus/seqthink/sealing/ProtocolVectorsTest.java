package services.chorus.seqthink.sealing;

import static org.assertj.core.api.Assertions.assertThat;
import static services.chorus.seqthink.sealing.ProtocolVectors.NOW;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import services.chorus.seqthink.age.AgeFile;
import services.chorus.seqthink.age.KeyIdentity;
import services.chorus.seqthink.age.Opened;
import services.chorus.seqthink.client.CallFailed;
import services.chorus.seqthink.client.KnownGateways;
import services.chorus.seqthink.client.Reply;
import services.chorus.seqthink.client.StreamVerifier;
import services.chorus.seqthink.protocol.After;
import services.chorus.seqthink.protocol.Binding;
import services.chorus.seqthink.sealing.Sealing.Expected;
import services.chorus.seqthink.sealing.Sealing.Incoming;
import services.chorus.seqthink.testing.Client;

/** The gateway and its client give the results in {@code docs/vectors}. */
class ProtocolVectorsTest {

    private static final int MOST = 1 << 16;

    @TempDir Path folder;

    @TestFactory
    Stream<DynamicTest> requests() throws IOException {
        JsonNode file = ProtocolVectors.read("requests.json");
        List<KeyIdentity> identities = new ArrayList<>();
        for (JsonNode identity : file.get("door_identities")) {
            identities.add(KeyIdentity.parse(identity.textValue()));
        }
        AgeSealing sealing =
                new AgeSealing(
                        new Keyring(1, Optional.empty(), identities, List.of()),
                        true,
                        Freshness.always(
                                Duration.ofSeconds(file.get("replay_window").longValue()), now()),
                        MOST);
        String tokenHash =
                Client.sha256(file.get("token").textValue().getBytes(StandardCharsets.US_ASCII));
        return ProtocolVectors.tests(
                file,
                vector -> {
                    Expected expected =
                            new Expected(
                                    Optional.of(tokenHash),
                                    file.get("url").textValue() + "/mcp/tool",
                                    Optional.ofNullable(vector.path("age_recipient").textValue()));
                    assertRequest(vector, sealing.open(decoded(vector.get("body")), expected));
                });
    }

    private static void assertRequest(JsonNode vector, Incoming incoming) {
        switch (incoming) {
            case Incoming.Accepted(ObjectNode request, ReplyTarget from) -> {
                assertThat(vector.get("expect").textValue()).isEqualTo("accepted");
                assertThat(request.get("tool").textValue()).isEqualTo("sequentialthinking");
                assertThat(from.binding())
                        .contains(
                                new Binding(
                                        vector.get("request_id").textValue(),
                                        vector.get("request_hash").textValue()));
            }
            case Incoming.Refused(ReplyTarget from, Refusal refusal) -> {
                assertThat(vector.get("expect").textValue()).isEqualTo("refused");
                assertThat(refusal.code()).isEqualTo(vector.get("code").textValue());
                assertThat(refusal.status()).isEqualTo(vector.get("status").intValue());
            }
            case Incoming.Unanswerable(Incoming.Cause cause) -> {
                assertThat(vector.get("expect").textValue()).isEqualTo("unanswerable");
                assertThat(vector.get("code").textValue())
                        .isEqualTo(
                                switch (cause) {
                                    case UNREADABLE -> "malformed";
                                    case NO_IDENTITY -> "key-config";
                                    case ENVELOPE_REQUIRED -> "envelope-required";
                                    case TOO_LARGE -> "too-large";
                                });
            }
        }
    }

    @TestFactory
    Stream<DynamicTest> replies() throws IOException {
        JsonNode file = ProtocolVectors.read("replies.json");
        return ProtocolVectors.tests(
                file,
                vector -> {
                    Optional<byte[]> reply = opened(file, vector.get("body"));
                    assertThat(reply.isPresent() ? judged(reply.get(), file) : "foreign")
                            .isEqualTo(vector.get("expect").textValue());
                });
    }

    private static String judged(byte[] reply, JsonNode file) {
        try {
            Reply.verify(reply, binding(file));
            return "genuine";
        } catch (CallFailed e) {
            return "foreign";
        }
    }

    @TestFactory
    Stream<DynamicTest> streams() throws IOException {
        JsonNode file = ProtocolVectors.read("streams.json");
        return ProtocolVectors.tests(
                file,
                vector -> {
                    StreamVerifier stream =
                            new StreamVerifier(binding(file), After.of(vector.path("after")));
                    List<String> outcomes = new ArrayList<>();
                    for (JsonNode event : vector.get("events")) {
                        outcomes.add(outcome(stream, opened(file, event).orElseThrow()));
                    }
                    assertThat(ProtocolVectors.JSON.<JsonNode>valueToTree(outcomes))
                            .isEqualTo(vector.get("expect"));
                    assertThat(stream.isTruncated())
                            .isEqualTo(vector.get("truncated").booleanValue());
                });
    }

    private static String outcome(StreamVerifier stream, byte[] event) {
        try {
            return switch (stream.next(event)) {
                case StreamVerifier.Opened(boolean lost) -> "open";
                case StreamVerifier.Thought(ObjectNode members) -> "thought";
                case StreamVerifier.Ended(String reason) -> "end";
            };
        } catch (CallFailed e) {
            return "foreign";
        }
    }

    @TestFactory
    Stream<DynamicTest> recipients() throws IOException {
        JsonNode all = ProtocolVectors.read("recipients.json");
        String url = all.get("url").textValue();
        KnownGateways.Trust told =
                new KnownGateways.Trust.Fingerprint(all.get("fingerprint").textValue());
        String known = all.get("cases").get(0).get("jws").textValue();
        return ProtocolVectors.tests(
                all,
                vector -> {
                    KnownGateways doors =
                            new KnownGateways(folder.resolve(Math.random() + ".json"), now());
                    doors.accept(known, url, told);
                    assertThat(outcome(doors, vector.get("jws").textValue(), url, told))
                            .isEqualTo(vector.get("expect").textValue());
                });
    }

    private static String outcome(
            KnownGateways doors, String jws, String url, KnownGateways.Trust told)
            throws IOException {
        try {
            doors.accept(jws, url, told);
            return "trusted";
        } catch (CallFailed e) {
            return "refused";
        }
    }

    private static InstantSource now() {
        return InstantSource.fixed(Instant.ofEpochSecond(NOW));
    }

    private static Binding binding(JsonNode file) {
        return new Binding(
                file.get("request_id").textValue(), file.get("request_hash").textValue());
    }

    private static Optional<byte[]> opened(JsonNode file, JsonNode sealed) throws IOException {
        KeyIdentity caller = KeyIdentity.parse(file.get("caller_identity").textValue());
        return switch (AgeFile.open(decoded(sealed), List.of(caller), MOST)) {
            case Opened.Plaintext(byte[] bytes, var by) -> Optional.of(bytes);
            case Opened other -> Optional.empty();
        };
    }

    private static byte[] decoded(JsonNode base64) {
        return Base64.getDecoder().decode(base64.textValue());
    }
}
