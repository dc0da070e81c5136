package services.chorus.seqthink.pipeline;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Base64;
import services.chorus.seqthink.hash.Sha256;
import services.chorus.seqthink.policy.Caller;
import services.chorus.seqthink.protocol.Envelope;
import services.chorus.seqthink.state.History;

/**
 * Separates histories by caller, reply recipient and session. A thief of a token uses another
 * recipient, and so gets no access to past thoughts.
 *
 * @param replyRecipient the recipient that replies are sealed to; empty if nothing is sealed
 * @param session the envelope's {@code session}, or {@link Envelope#DEFAULT_SESSION}
 */
record HistoryKey(Caller caller, String replyRecipient, String session) {

    HistoryKey {
        if (!Envelope.isSession(session)) {
            throw new IllegalArgumentException(
                    "A session's name has 1 to " + Envelope.LONGEST_SESSION + " characters");
        }
    }

    History history() {
        return new History(caller.id(), id());
    }

    /**
     * Identifies the history without naming the caller: unpadded base64url SHA-256 over the parts,
     * each a 4-byte count followed by that many UTF-16 code units, so that different keys never
     * have the same bytes. (UTF-8 would turn every unpaired surrogate into a question mark.)
     */
    String id() {
        MessageDigest sha256 = Sha256.digest();
        add(sha256, "seqthink history 1");
        add(sha256, caller.issuer());
        add(sha256, caller.kind().name());
        add(sha256, caller.name());
        add(sha256, replyRecipient);
        add(sha256, session);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(sha256.digest());
    }

    private static void add(MessageDigest sha256, String part) {
        ByteBuffer framed = ByteBuffer.allocate(Integer.BYTES + Character.BYTES * part.length());
        framed.putInt(part.length()).asCharBuffer().put(part);
        sha256.update(framed.rewind());
    }
}
