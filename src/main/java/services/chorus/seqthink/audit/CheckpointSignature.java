package services.chorus.seqthink.audit;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Optional;
import services.chorus.seqthink.json.StrictBase64;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.signing.Ed25519Key;
import services.chorus.seqthink.signing.Ed25519PublicKey;

/**
 * A checkpoint's signature: Ed25519 over a label and the record as it stands without its last
 * member, {@code signature}. The record holds its number and the hash of the line before, and so
 * the whole chain up to itself.
 */
final class CheckpointSignature {

    /** Keeps what is signed here from being taken for anything else under the same key. */
    private static final byte[] LABEL = "seqthink audit checkpoint\n".getBytes(US_ASCII);

    private static final String MEMBER = "signature";

    private CheckpointSignature() {}

    /** Adds the members {@code key} and {@code signature}. */
    static void sign(ObjectNode record, Ed25519Key key) {
        record.put("key", key.fingerprint());
        record.put(MEMBER, StrictBase64.encode(key.sign(signed(record))));
    }

    /** Whether the record's signature is right; empty when none of the keys is the one it names. */
    static Optional<Boolean> isByOneOf(List<Ed25519PublicKey> keys, ObjectNode record) {
        String fingerprint = record.path("key").asText();
        ObjectNode unsigned = record.deepCopy();
        unsigned.remove(MEMBER);
        byte[] signature = StrictBase64.decode(record.path(MEMBER)).orElse(new byte[0]);
        return keys.stream()
                .filter(key -> key.fingerprint().equals(fingerprint))
                .findFirst()
                .map(key -> key.verifies(signed(unsigned), signature));
    }

    private static byte[] signed(ObjectNode record) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(LABEL);
        bytes.writeBytes(StrictJson.write(record));
        return bytes.toByteArray();
    }
}
