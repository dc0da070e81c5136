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
 * An identity with what its file says of it.
 *
 * @param identity the secret
 * @param created when it was made, where the file says so
 * @param mark whether it is yet to become current or has been; neither for the current one
 * @param comments the other lines above it, as they stand in the file
 */
public record FiledIdentity(
        KeyIdentity identity,
        Optional<Instant> created,
        Optional<Mark> mark,
        List<byte[]> comments) {

    /** Where an identity stands that opens and is not the current one. */
    public enum Standing {
        /** Every replica is to know it before callers do. */
        PREPARED,
        /** Was the current one. */
        RETIRED;

        /** As the file has it, in lower case. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Since when an identity stands where it does. */
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

    /** The same with another mark. */
    public FiledIdentity marked(Standing standing, Instant since) {
        return marked(Optional.of(new Mark(standing, since.truncatedTo(ChronoUnit.SECONDS))));
    }

    /** The same without a mark. */
    public FiledIdentity unmarked() {
        return marked(Optional.empty());
    }

    /** Whether that is where it stands. */
    public boolean is(Standing standing) {
        return mark.filter(given -> given.standing() == standing).isPresent();
    }

    /** What names it to operators and in meters. */
    public String fingerprint() {
        return identity.recipient().fingerprint();
    }

    /**
     * Its lines, the last one with the secret.
     *
     * @return for the caller to wipe
     */
    public byte[] write() {
        List<byte[]> lines = lines();
        try {
            return join(lines);
        } finally {
            Arrays.fill(lines.getLast(), (byte) 0);
        }
    }

    /** Its lines; the last one is the secret, for the caller to wipe. */
    List<byte[]> lines() {
        List<byte[]> lines = new ArrayList<>(comments);
        mark.map(Mark::line).ifPresent(lines::add);
        lines.add(identity.encode());
        return lines;
    }

    /** One array that ends each of the lines with LF, and leaves no copy behind. */
    static byte[] join(List<byte[]> lines) {
        ByteBuffer text =
                ByteBuffer.allocate(lines.stream().mapToInt(line -> line.length + 1).sum());
        lines.forEach(line -> text.put(line).put((byte) '\n'));
        return text.array();
    }

    private FiledIdentity marked(Optional<Mark> other) {
        return new FiledIdentity(identity, created, other, comments);
    }

    /** Without the comments, which may be anything. */
    @Override
    public String toString() {
        return "FiledIdentity[" + identity + ", " + mark + "]";
    }
}
