package services.chorus.seqthink.json;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.Optional;

/**
 * A signed JSON object in compact form (RFC 7515 section 7.1), taken apart and not yet believed:
 * whose signature it is, and whether it is one, is for the reader to say.
 *
 * @param signedBytes what the signature covers
 */
public record CompactJws(
        ObjectNode header, ObjectNode payload, byte[] signedBytes, byte[] signature) {

    /** Takes a text apart; empty when it is anything else, or has a part that can be read twice. */
    public static Optional<CompactJws> parse(String compact) {
        String[] parts = compact.split("\\.", -1);
        if (parts.length != 3) {
            return Optional.empty();
        }
        Optional<ObjectNode> header = object(parts[0]);
        Optional<ObjectNode> payload = object(parts[1]);
        Optional<byte[]> signature = StrictBase64.decode(parts[2]);
        if (header.isEmpty() || payload.isEmpty() || signature.isEmpty()) {
            return Optional.empty();
        }
        byte[] signedBytes = compact.substring(0, compact.lastIndexOf('.')).getBytes(US_ASCII);
        return Optional.of(
                new CompactJws(header.get(), payload.get(), signedBytes, signature.get()));
    }

    /** Whether it asks for an extension (RFC 7515 section 4.1.11), b64 (RFC 7797) included. */
    public boolean isExtended() {
        return header.has("crit") || header.has("b64");
    }

    /** Makes it a text that nobody signed. */
    public void wipe() {
        Arrays.fill(signedBytes, (byte) 0);
        Arrays.fill(signature, (byte) 0);
    }

    private static Optional<ObjectNode> object(String part) {
        return StrictBase64.decode(part).flatMap(StrictJson::parseObject);
    }
}
