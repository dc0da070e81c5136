package services.chorus.seqthink.json;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A signed JSON object in compact form (RFC 7515 section 7.1), parsed and not verified.
 *
 * @param signedBytes the bytes that the signature covers
 */
public record CompactJws(
        ObjectNode header, ObjectNode payload, byte[] signedBytes, byte[] signature) {

    /** Parses a text; empty when it is malformed, or a part of it could be read in two ways. */
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
        byte[] signedBytes = (parts[0] + "." + parts[1]).getBytes(US_ASCII);
        return Optional.of(
                new CompactJws(header.get(), payload.get(), signedBytes, signature.get()));
    }

    /**
     * Signs a payload.
     *
     * @param signer returns the signature of the given bytes, by the header's algorithm
     */
    public static String sign(ObjectNode header, ObjectNode payload, UnaryOperator<byte[]> signer) {
        String signed =
                StrictBase64.encode(StrictJson.write(header))
                        + "."
                        + StrictBase64.encode(StrictJson.write(payload));
        return signed + "." + StrictBase64.encode(signer.apply(signed.getBytes(US_ASCII)));
    }

    /**
     * The payload of a text of three parts, without a look at the other two; empty when it is not a
     * strict JSON object.
     */
    public static Optional<ObjectNode> payloadOf(String compact) {
        String[] parts = compact.split("\\.", -1);
        return parts.length == 3 ? object(parts[1]) : Optional.empty();
    }

    /** Whether it uses an extension (RFC 7515 section 4.1.11), including b64 (RFC 7797). */
    public boolean isExtended() {
        return header.has("crit") || header.has("b64");
    }

    public void wipe() {
        Arrays.fill(signedBytes, (byte) 0);
        Arrays.fill(signature, (byte) 0);
    }

    private static Optional<ObjectNode> object(String part) {
        return StrictBase64.decode(part).flatMap(StrictJson::parseObject);
    }
}
