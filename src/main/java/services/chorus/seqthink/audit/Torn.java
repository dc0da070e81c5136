package services.chorus.seqthink.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * What a crash left after the last whole record: it stays where it is, and the next start names it.
 *
 * @param bytes how many, what was put behind to end the line included
 * @param hash their SHA-256 as unpadded base64url
 */
record Torn(long bytes, String hash) {

    private static final String MEMBER = "torn";

    void in(ObjectNode record) {
        record.putObject(MEMBER).put("bytes", bytes).put("sha256", hash);
    }

    static Optional<Torn> of(JsonNode record) {
        JsonNode torn = record.path(MEMBER);
        return torn.path("bytes").isIntegralNumber() && torn.path("sha256").isTextual()
                ? Optional.of(
                        new Torn(torn.get("bytes").longValue(), torn.get("sha256").textValue()))
                : Optional.empty();
    }
}
