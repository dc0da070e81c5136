package services.chorus.seqthink.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import services.chorus.seqthink.age.AgeException;
import services.chorus.seqthink.age.KeyRecipient;
import services.chorus.seqthink.json.StrictJson;

/**
 * What a client remembers of a gateway.
 *
 * @param fingerprint of the door key
 * @param version the highest version of the recipients that was seen
 * @param until when the recipients must be fetched again
 */
public record KnownGateway(
        String fingerprint, long version, List<KeyRecipient> recipients, Instant until) {

    public KnownGateway {
        recipients = List.copyOf(recipients);
    }

    /** Reads what {@link #json} wrote; empty when malformed. */
    static Optional<KnownGateway> of(JsonNode json) {
        JsonNode fingerprint = json.path("fingerprint");
        JsonNode version = json.path("version");
        JsonNode until = json.path("until");
        JsonNode recipients = json.path("recipients");
        if (!fingerprint.isTextual()
                || !isWhole(version)
                || !isWhole(until)
                || !recipients.isArray()
                || recipients.isEmpty()) {
            return Optional.empty();
        }
        List<KeyRecipient> keys = new ArrayList<>();
        try {
            for (JsonNode text : recipients) {
                keys.add(KeyRecipient.parse(text.asText()));
            }
        } catch (AgeException e) {
            return Optional.empty();
        }
        return Optional.of(
                new KnownGateway(
                        fingerprint.textValue(),
                        version.longValue(),
                        keys,
                        Instant.ofEpochSecond(until.longValue())));
    }

    ObjectNode json() {
        ObjectNode json =
                StrictJson.object()
                        .put("fingerprint", fingerprint)
                        .put("version", version)
                        .put("until", until.getEpochSecond());
        recipients.forEach(recipient -> json.withArray("recipients").add(recipient.toString()));
        return json;
    }

    private static boolean isWhole(JsonNode number) {
        return number.isInt() || number.isLong();
    }
}
