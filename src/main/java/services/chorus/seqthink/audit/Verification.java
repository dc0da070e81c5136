package services.chorus.seqthink.audit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import services.chorus.seqthink.signing.Ed25519PublicKey;

/**
 * Reads a log and says where it is not as it was written. What it holds in memory does not grow
 * with the log.
 *
 * @param after the head before the first file, where that is not the log's first
 * @param head the last record that is known to have been written
 * @param keys those whose checkpoints are believed
 */
public record Verification(Head after, Optional<Head> head, List<Ed25519PublicKey> keys) {

    public Verification {
        keys = List.copyOf(keys);
    }

    /**
     * What was found.
     *
     * @param records how many were read
     * @param last the number of the last of them
     * @param findings how much is wrong
     * @param proven the number up to which nothing can have been changed, removed, moved or added;
     *     that of {@code after} when nothing is proven
     * @param headReached whether the head is where it has to be, and everything before it
     * @param tornEnd whether the last line is not whole, as after a crash
     */
    public record Report(
            long records,
            long last,
            long findings,
            long proven,
            boolean headReached,
            boolean tornEnd) {}

    /**
     * Reads the files of a log, at least one, in their order.
     *
     * @param told of everything that is wrong, as it is found
     * @throws IOException when a file cannot be read
     */
    public Report of(List<Path> files, Consumer<Finding> told) throws IOException {
        ChainReader chain = new ChainReader(this, new Place(files.getFirst(), 0), told);
        for (Path file : files) {
            read(file, chain);
        }
        return chain.end();
    }

    private static void read(Path file, ChainReader chain) throws IOException {
        try (Pieces pieces = new Pieces(file)) {
            long line = 1;
            boolean within = false;
            for (Optional<Pieces.Piece> next = pieces.next();
                    next.isPresent();
                    next = pieces.next()) {
                Pieces.Piece piece = next.get();
                Place place = new Place(file, line);
                Optional<RecordLine> record =
                        piece.endsLine() && !within
                                ? RecordLine.read(piece.bytes())
                                : Optional.empty();
                record.ifPresentOrElse(
                        read -> chain.take(read, place), () -> chain.take(piece, place));
                within = !piece.endsLine();
                line += piece.endsLine() ? 1 : 0;
            }
        }
    }
}
