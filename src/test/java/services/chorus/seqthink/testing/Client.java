package services.chorus.seqthink.testing;

import static io.restassured.RestAssured.given;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import services.chorus.seqthink.age.AgeException;
import services.chorus.seqthink.age.AgeFile;
import services.chorus.seqthink.age.Encoding;
import services.chorus.seqthink.age.KeyRecipient;
import services.chorus.seqthink.age.Opened;

/**
 * A caller with a token and a key of its own. Its envelopes are written by hand from the protocol
 * specification, so that a mistake in the client library cannot hide one in the service.
 */
public final class Client {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final AgeKey door;
    private final String token;
    private final AgeKey key = AgeKey.generate();

    public Client(Door door, String token) {
        this(door.key(), token);
        AcceptingGateway.awaitDefault();
    }

    /** A caller of the gateway with this key. */
    public Client(AgeKey door, String token) {
        this.door = door;
        this.token = token;
    }

    /** A caller with a new subject. */
    public static Client stranger(Door door) {
        return new Client(door, door.issuer().token("caller-" + UUID.randomUUID()));
    }

    public String token() {
        return token;
    }

    public AgeKey key() {
        return key;
    }

    /** The arguments of a first and last thought. */
    public static ObjectNode thought(String text) {
        return JSON.createObjectNode()
                .put("thought", text)
                .put("thoughtNumber", 1)
                .put("totalThoughts", 1)
                .put("nextThoughtNeeded", false);
    }

    /** A request for the thinking tool with a valid envelope. */
    public ObjectNode request(String thought) {
        ObjectNode request = JSON.createObjectNode();
        request.put("request_id", Canaries.note(UUID.randomUUID().toString()));
        request.put("issued_at", Instant.now().getEpochSecond());
        request.put("ath", sha256(token.getBytes(StandardCharsets.US_ASCII)));
        request.put("to", Door.TOOL_ROUTE);
        request.put("reply_to", key.recipient());
        request.put("tool", "sequentialthinking");
        request.set("payload", thought(thought));
        return request;
    }

    /** Seals to the gateway. */
    public byte[] sealed(ObjectNode request) {
        return sealed(request, door.recipient(), Encoding.BINARY);
    }

    public static byte[] sealed(ObjectNode request, String recipient, Encoding encoding) {
        return sealed(request.toString().getBytes(StandardCharsets.UTF_8), recipient, encoding);
    }

    public static byte[] sealed(byte[] plaintext, String recipient, Encoding encoding) {
        try {
            return AgeFile.seal(plaintext, List.of(KeyRecipient.parse(recipient)), encoding);
        } catch (AgeException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Posts sealed bytes with this caller's token. */
    public Response post(byte[] body) {
        return post(given(), body);
    }

    /** Posts sealed bytes to a service that the test started. */
    public Response post(Service service, byte[] body) {
        return post(given().baseUri(service.url()), body);
    }

    private Response post(RequestSpecification given, byte[] body) {
        return given.header("Authorization", "Bearer " + token)
                .contentType("application/age")
                .body(body)
                .post("/mcp/tool");
    }

    /** Calls the thinking tool, and returns the history's length from the reply. */
    public int historyAfter(String thought) {
        return historyAfter(thought, request -> {});
    }

    public int historyAfter(String thought, Consumer<ObjectNode> change) {
        ObjectNode request = request(thought);
        change.accept(request);
        Response response = post(sealed(request));
        response.then().statusCode(200);
        return open(response).at("/result/thoughtHistoryLength").intValue();
    }

    /** Opens a reply with this caller's key. */
    public JsonNode open(Response response) {
        return open(response.asByteArray(), key);
    }

    public static JsonNode open(byte[] reply, AgeKey key) {
        try {
            return switch (AgeFile.open(reply, List.of(key.identity()), 1 << 20)) {
                case Opened.Plaintext(byte[] bytes, var by) -> JSON.readTree(bytes);
                case Opened other -> throw new AssertionError("The reply does not open: " + other);
            };
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Unpadded base64url, as the protocol writes hashes. */
    public static String sha256(byte[] bytes) {
        try {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
