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
 * @param version of the recipients, the highest one seen
 * @param recipients of that version
 * @param until when they must be fetched again
 */
public record KnownGateway(
        String fingerprint, long version, List<KeyRecipient> recipients, Instant until) {

    public KnownGateway {
        recipients = List.copyOf(recipients);
    }

    /** Reads what {@link #json} wrote; empty when it is anything else. */
    static Optional<KnownGateway> of(JsonNode json) {
        JsonNode fingerprint = json.path("fingerprint");
        JsonNode version = json.path("version");
        JsonNode until = json.path("until");
        List<KeyRecipient> recipients = recipients(json.path("recipients"));
        return fingerprint.isTextual()
                        && isWhole(version)
                        && isWhole(until)
                        && !recipients.isEmpty()
                ? Optional.of(
                        new KnownGateway(
                                fingerprint.textValue(),
                                version.longValue(),
                                recipients,
                                Instant.ofEpochSecond(until.longValue())))
                : Optional.empty();
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

    /** Empty when one of them is no recipient. */
    private static List<KeyRecipient> recipients(JsonNode json) {
        try {
            List<KeyRecipient> recipients = new ArrayList<>();
            for (JsonNode text : json.isArray() ? json : StrictJson.object()) {
                recipients.add(KeyRecipient.parse(text.asText()));
            }
            return recipients;
        } catch (AgeException e) {
            return List.of();
        }
    }

    private static boolean isWhole(JsonNode number) {
        return number.isInt() || number.isLong();
    }
}
