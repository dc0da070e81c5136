package services.chorus.seqthink.sealing;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import services.chorus.seqthink.age.AgeFile;
import services.chorus.seqthink.age.Encoding;
import services.chorus.seqthink.age.KeyIdentity;
import services.chorus.seqthink.age.Opened;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.sealing.Sealing.Expected;
import services.chorus.seqthink.sealing.Sealing.Incoming;
import services.chorus.seqthink.testing.AgeKey;
import services.chorus.seqthink.testing.Client;

/**
 * A gateway and one of its callers. The caller's envelopes are written by hand, from the protocol
 * specification.
 */
record Correspondence(AgeKey door, AgeKey caller) {

    static final String TOKEN = "header.claims.signature";
    static final String ROUTE = "https://door.example/mcp/tool";
    static final Instant NOW = Instant.ofEpochSecond(1_900_000_000);
    static final Duration WINDOW = Duration.ofSeconds(60);
    static final int MOST_BYTES = 1 << 16;

    static Correspondence start() {
        return new Correspondence(AgeKey.generate(), AgeKey.generate());
    }

    AgeSealing sealing() {
        return sealing(InstantSource.fixed(NOW));
    }

    AgeSealing sealing(InstantSource clock) {
        Keyring keyring = new Keyring(1, Optional.empty(), List.of(door.identity()), List.of());
        return new AgeSealing(keyring, true, Freshness.always(WINDOW, clock), MOST_BYTES);
    }

    /** With {@code REQUIRE_BOUND=false}. */
    AgeSealing sealingForBareRequestsToo(AgeKey bareReader) {
        Keyring keyring =
                new Keyring(
                        1,
                        Optional.empty(),
                        List.of(door.identity()),
                        List.of(bareReader.identity().recipient()));
        return new AgeSealing(
                keyring, false, Freshness.always(WINDOW, InstantSource.fixed(NOW)), MOST_BYTES);
    }

    Expected expected() {
        return new Expected(
                Optional.of(Client.sha256(TOKEN.getBytes(US_ASCII))), ROUTE, Optional.empty());
    }

    Expected expectedWithClaim(String ageRecipient) {
        return new Expected(expected().tokenHash(), ROUTE, Optional.of(ageRecipient));
    }

    /** A request with a valid envelope. */
    ObjectNode request() {
        ObjectNode request = bareRequest();
        request.put("request_id", "4fzyo82mvyr6yegq39l2gg");
        request.put("issued_at", NOW.getEpochSecond());
        request.put("ath", Client.sha256(TOKEN.getBytes(US_ASCII)));
        request.put("to", ROUTE);
        request.put("reply_to", caller.recipient());
        return request;
    }

    ObjectNode bareRequest() {
        ObjectNode request = StrictJson.object().put("tool", "sequentialthinking");
        request.putObject("payload").put("thought", "first");
        return request;
    }

    /** The valid request with another value for one member, written in JSON. */
    ObjectNode requestWith(String member, String json) {
        ObjectNode request = request();
        JsonNode value = StrictJson.parse(json.getBytes(UTF_8)).orElseThrow();
        request.set(member, value);
        return request;
    }

    ObjectNode requestWithout(String member) {
        ObjectNode request = request();
        request.remove(member);
        return request;
    }

    byte[] sealed(ObjectNode request) {
        return Client.sealed(request, door.recipient(), Encoding.BINARY);
    }

    byte[] sealed(String plaintext) {
        return Client.sealed(plaintext.getBytes(UTF_8), door.recipient(), Encoding.BINARY);
    }

    Incoming open(ObjectNode request) {
        return open(request, expected());
    }

    Incoming open(ObjectNode request, Expected expected) {
        return sealing().open(sealed(request), expected);
    }

    static byte[] opened(byte[] sealed, KeyIdentity identity) {
        return switch (AgeFile.open(sealed, List.of(identity), MOST_BYTES)) {
            case Opened.Plaintext(byte[] bytes, var by) -> bytes;
            case Opened other -> throw new AssertionError("It does not open: " + other);
        };
    }
}
