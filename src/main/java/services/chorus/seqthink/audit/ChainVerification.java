package services.chorus.seqthink.audit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import services.chorus.seqthink.audit.LineReader.Piece;
import services.chorus.seqthink.signing.Ed25519PublicKey;

/**
 * Verifies a log and reports where it was changed, in constant memory.
 *
 * @param after the head before the first file; {@link ChainHead#NONE} for a log's first file
 * @param head the last record that is known to have been written
 * @param keys the trusted keys of checkpoints
 */
public record ChainVerification(
        ChainHead after, Optional<ChainHead> head, List<Ed25519PublicKey> keys) {

    public ChainVerification {
        keys = List.copyOf(keys);
    }

    /**
     * The result.
     *
     * @param records how many were read
     * @param last the number of the last record
     * @param faults how many were found
     * @param proven the number up to which records are proven unchanged and complete; that of
     *     {@code after} when none is
     * @param signed whether a trusted key has signed one of the checkpoints
     * @param headReached whether the log has no fault and contains the head
     * @param tornEnd whether the last line is incomplete, as after a crash
     */
    public record Report(
            long records,
            long last,
            long faults,
            long proven,
            boolean signed,
            boolean headReached,
            boolean tornEnd) {}

    /**
     * Verifies the files of a log, at least one, given in order.
     *
     * @param faults called for each fault when it is found
     * @throws IOException when a file cannot be read
     */
    public Report of(List<Path> files, Consumer<ChainFault> faults) throws IOException {
        ChainVerifier chain = new ChainVerifier(this, files.getFirst(), faults);
        for (Path file : files) {
            try (LineReader lines = new LineReader(file, 0)) {
                for (Optional<Piece> next = lines.next(); next.isPresent(); next = lines.next()) {
                    chain.accept(next.get());
                }
            }
        }
        return chain.end();
    }

    /**
     * A fault in a chain, and its place.
     *
     * @param line counted from 1
     * @param sequence the number that the record there has, or should have
     * @param what for an operator
     */
    public record ChainFault(Path file, long line, long sequence, String what) {

        /** As one line. */
        @Override
        public String toString() {
            return "%s:%d seq %d: %s".formatted(file, line, sequence, what);
        }
    }
}
