package services.chorus.seqthink.audit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import services.chorus.seqthink.audit.LineReader.Piece;
import services.chorus.seqthink.signing.Ed25519PublicKey;

/**
 * Reads a log and reports where it is not as it was written. The memory it takes does not grow with
 * the log.
 *
 * @param after the head before the first file, where that is not the log's first
 * @param head the last record that is known to have been written
 * @param keys those whose checkpoints are believed
 */
public record ChainVerification(
        ChainHead after, Optional<ChainHead> head, List<Ed25519PublicKey> keys) {

    public ChainVerification {
        keys = List.copyOf(keys);
    }

    /**
     * What was found.
     *
     * @param records how many were read
     * @param last the number of the last of them
     * @param faults how many there are
     * @param proven the number up to which nothing can have been changed, removed, moved or added;
     *     that of {@code after} when nothing is proven
     * @param headReached whether the head is where it has to be, and everything before it
     * @param tornEnd whether the last line is not whole, as after a crash
     */
    public record Report(
            long records,
            long last,
            long faults,
            long proven,
            boolean headReached,
            boolean tornEnd) {}

    /**
     * Reads the files of a log, at least one, in their order.
     *
     * @param faults called for each fault as it is found
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
     * Something that is wrong with a chain, and where.
     *
     * @param file where
     * @param line in which line of it, counted from 1
     * @param sequence the number that the record there has, or should have
     * @param what in words for people
     */
    public record ChainFault(Path file, long line, long sequence, String what) {

        /** As one line. */
        @Override
        public String toString() {
            return "%s:%d seq %d: %s".formatted(file, line, sequence, what);
        }
    }
}
