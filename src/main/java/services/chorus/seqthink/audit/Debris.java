package services.chorus.seqthink.audit;

import java.security.MessageDigest;
import services.chorus.seqthink.hash.Sha256;
import services.chorus.seqthink.json.StrictBase64;

/** Lines in a row that are no records. */
final class Debris {

    private final Place place;
    private final MessageDigest digest = Sha256.digest();
    private long bytes;

    Debris(Place place) {
        this.place = place;
    }

    void add(Pieces.Piece piece) {
        digest.update(piece.bytes());
        bytes += piece.bytes().length;
        if (piece.endsLine()) {
            digest.update((byte) '\n');
            bytes++;
        }
    }

    /** Where it begins. */
    Place place() {
        return place;
    }

    /** As a start record would name it; nothing can be added after this. */
    Torn asTorn() {
        return new Torn(bytes, StrictBase64.encode(digest.digest()));
    }
}
