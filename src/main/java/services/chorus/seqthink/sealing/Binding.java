package services.chorus.seqthink.sealing;

import static java.util.Objects.requireNonNull;

/**
 * What ties a reply to its one request.
 *
 * @param requestId the request's own random id; never shown outside a seal
 * @param requestHash unpadded base64url SHA-256 of the request's binary age bytes
 */
public record Binding(String requestId, String requestHash) {

    public Binding {
        requireNonNull(requestId, "requestId is null");
        requireNonNull(requestHash, "requestHash is null");
    }

    /** Without the id, so that no log line shows it. */
    @Override
    public String toString() {
        return "Binding[" + requestHash + "]";
    }
}
