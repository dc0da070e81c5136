package services.chorus.seqthink.json;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A signed JSON object in compact form (RFC 7515 section 7.1), parsed and not verified: which key
 * the signature must be verified with is the caller's to know.
 *
 * @param signedBytes what the signature covers
 */
public record CompactJws(
        ObjectNode header, ObjectNode payload, byte[] signedBytes, byte[] signature) {

    /** Not a compact JWS of a JSON object; the message continues a sentence about the text. */
    public static final class MalformedException extends Exception {

        private MalformedException(String what) {
            super(what, null, false, false);
        }
    }

    /** Parses a text; empty when it is anything else, or has a part that can be read twice. */
    public static Optional<CompactJws> parse(String compact) {
        try {
            return Optional.of(read(compact));
        } catch (MalformedException e) {
            return Optional.empty();
        }
    }

    /**
     * Parses a text.
     *
     * @throws MalformedException when it is anything else, or has a part that can be read twice
     */
    public static CompactJws read(String compact) throws MalformedException {
        String[] parts = compact.split("\\.", -1);
        if (parts.length != 3) {
            throw new MalformedException("it is no compact JWS");
        }
        byte[] signature = bytes(parts[2]);
        ObjectNode header = object(parts[0], "its header is no JSON");
        ObjectNode payload = object(parts[1], "its payload is no JSON object");
        byte[] signedBytes = compact.substring(0, compact.lastIndexOf('.')).getBytes(US_ASCII);
        return new CompactJws(header, payload, signedBytes, signature);
    }

    /**
     * Signs a payload.
     *
     * @param signer returns the signature of the bytes it is given, by the header's algorithm
     */
    public static String sign(ObjectNode header, ObjectNode payload, UnaryOperator<byte[]> signer) {
        String signed =
                StrictBase64.encode(StrictJson.write(header))
                        + "."
                        + StrictBase64.encode(StrictJson.write(payload));
        return signed + "." + StrictBase64.encode(signer.apply(signed.getBytes(US_ASCII)));
    }

    /**
     * The payload of a text of three parts, whatever the other two are: enough to tell who should
     * read it. Empty when that is no strict JSON object.
     */
    public static Optional<ObjectNode> payloadOf(String compact) {
        String[] parts = compact.split("\\.", -1);
        return parts.length == 3
                ? StrictBase64.decode(parts[1]).flatMap(StrictJson::parseObject)
                : Optional.empty();
    }

    /** Whether it asks for an extension (RFC 7515 section 4.1.11), b64 (RFC 7797) included. */
    public boolean isExtended() {
        return header.has("crit") || header.has("b64");
    }

    /** Overwrites what was signed and the signature. */
    public void wipe() {
        Arrays.fill(signedBytes, (byte) 0);
        Arrays.fill(signature, (byte) 0);
    }

    private static ObjectNode object(String part, String otherwise) throws MalformedException {
        return StrictJson.parseObject(bytes(part))
                .orElseThrow(() -> new MalformedException(otherwise));
    }

    private static byte[] bytes(String part) throws MalformedException {
        return StrictBase64.decode(part)
                .orElseThrow(() -> new MalformedException("it is not canonical base64url"));
    }
}
