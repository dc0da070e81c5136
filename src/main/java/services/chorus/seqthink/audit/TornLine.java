package services.chorus.seqthink.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.security.MessageDigest;
import java.util.Optional;
import services.chorus.seqthink.hash.Sha256;
import services.chorus.seqthink.json.StrictBase64;

/**
 * What a crash left behind the last whole record: it stays where it is, and the next start record
 * names it.
 *
 * @param bytes how many, what was added to end the line included
 * @param hash their SHA-256 as unpadded base64url
 */
record TornLine(long bytes, String hash) {

    private static final String MEMBER = "torn";

    /** Adds the member that names it. */
    void addTo(ObjectNode record) {
        record.putObject(MEMBER).put("bytes", bytes).put("sha256", hash);
    }

    /** What a record names; empty when it names none. */
    static Optional<TornLine> of(JsonNode record) {
        JsonNode torn = record.path(MEMBER);
        return torn.path("bytes").isIntegralNumber() && torn.path("sha256").isTextual()
                ? Optional.of(
                        new TornLine(torn.get("bytes").longValue(), torn.get("sha256").textValue()))
                : Optional.empty();
    }

    /** Measures bytes that are no record. For one thread. */
    static final class Measure {

        private final MessageDigest digest = Sha256.digest();
        private long bytes;

        void add(byte[] piece) {
            digest.update(piece);
            bytes += piece.length;
        }

        void add(LineReader.Piece piece) {
            add(piece.bytes());
            if (piece.endsLine()) {
                add(new byte[] {'\n'});
            }
        }

        /** All that was added; nothing can be added after this. */
        TornLine total() {
            return new TornLine(bytes, StrictBase64.encode(digest.digest()));
        }
    }
}
