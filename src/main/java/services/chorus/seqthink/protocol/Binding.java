package services.chorus.seqthink.protocol;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * What ties a reply to its one request.
 *
 * @param requestId the request's own random id; never shown outside a seal
 * @param requestHash unpadded base64url SHA-256 of the request's binary age bytes
 */
public record Binding(String requestId, String requestHash) {

    /**
     * Why what was opened does not answer this request, the id compared first; empty if it does.
     */
    public Optional<String> mismatch(ObjectNode opened) {
        if (!requestId.equals(opened.path("request_id").textValue())) {
            return Optional.of("answers another request");
        }
        if (!requestHash.equals(opened.path("request_hash").textValue())) {
            return Optional.of("answers other bytes than were sent");
        }
        return Optional.empty();
    }

    /** Without the id, so that no log line shows it. */
    @Override
    public String toString() {
        return "Binding[" + requestHash + "]";
    }
}
