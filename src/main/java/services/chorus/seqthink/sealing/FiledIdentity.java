package services.chorus.seqthink.sealing;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import services.chorus.seqthink.age.KeyIdentity;

/**
 * An identity with the comments above it in its file.
 *
 * @param created when it was generated, if the file contains that
 * @param mark whether it is prepared or retired; empty for the current one
 * @param comments the other lines above it, unchanged
 */
public record FiledIdentity(
        KeyIdentity identity,
        Optional<Instant> created,
        Optional<Mark> mark,
        List<byte[]> comments) {

    /** The state of an identity that is not the current one. */
    public enum Standing {
        /** Loaded by every replica before callers seal to it. */
        PREPARED,
        /** Was the current one before. */
        RETIRED;

        /** The word in the file, in lower case. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** A state and its beginning. */
    public record Mark(Standing standing, Instant since) {

        byte[] line() {
            return "# %s: %s".formatted(standing.word(), since).getBytes(US_ASCII);
        }
    }

    public FiledIdentity {
        comments = List.copyOf(comments);
    }

    /** A new identity, with the comments that {@code age-keygen} writes. */
    public static FiledIdentity made(KeyIdentity identity, Instant now) {
        Instant created = now.truncatedTo(ChronoUnit.SECONDS);
        return new FiledIdentity(
                identity,
                Optional.of(created),
                Optional.empty(),
                List.of(
                        "# created: %s".formatted(created).getBytes(US_ASCII),
                        "# public key: %s".formatted(identity.recipient()).getBytes(US_ASCII)));
    }

    public FiledIdentity marked(Standing standing, Instant since) {
        return marked(Optional.of(new Mark(standing, since.truncatedTo(ChronoUnit.SECONDS))));
    }

    public FiledIdentity unmarked() {
        return marked(Optional.empty());
    }

    public boolean is(Standing standing) {
        return mark.filter(given -> given.standing() == standing).isPresent();
    }

    public String fingerprint() {
        return identity.recipient().fingerprint();
    }

    /** Returns the lines of this identity in a file, for the caller to wipe. */
    public byte[] write() {
        List<byte[]> lines = lines();
        try {
            return join(lines);
        } finally {
            Arrays.fill(lines.getLast(), (byte) 0);
        }
    }

    /** The lines without their ends; the last one is the secret, for the caller to wipe. */
    List<byte[]> lines() {
        List<byte[]> lines = new ArrayList<>(comments);
        mark.map(Mark::line).ifPresent(lines::add);
        lines.add(identity.encode());
        return lines;
    }

    /** Joins lines, each with an LF at its end, without another copy of the secret. */
    static byte[] join(List<byte[]> lines) {
        ByteBuffer text =
                ByteBuffer.allocate(lines.stream().mapToInt(line -> line.length + 1).sum());
        lines.forEach(line -> text.put(line).put((byte) '\n'));
        return text.array();
    }

    private FiledIdentity marked(Optional<Mark> other) {
        return new FiledIdentity(identity, created, other, comments);
    }

    @Override
    public String toString() {
        return "FiledIdentity[" + identity + ", " + mark + "]";
    }
}
