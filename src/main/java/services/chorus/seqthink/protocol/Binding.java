package services.chorus.seqthink.protocol;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * Binds a reply to one request.
 *
 * @param requestId the random id of the request; never shown outside a seal
 * @param requestHash unpadded base64url SHA-256 of the request's binary age bytes
 */
public record Binding(String requestId, String requestHash) {

    /** Why an opened reply does not answer this request; empty if it does. */
    public Optional<String> mismatch(ObjectNode opened) {
        if (!requestId.equals(opened.path("request_id").textValue())) {
            return Optional.of("answers another request");
        }
        if (!requestHash.equals(opened.path("request_hash").textValue())) {
            return Optional.of("answers a request with other bytes");
        }
        return Optional.empty();
    }

    /** Without the id, to keep it out of logs. */
    @Override
    public String toString() {
        return "Binding[" + requestHash + "]";
    }
}
