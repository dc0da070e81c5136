package services.chorus.seqthink.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import services.chorus.seqthink.audit.LineReader.Piece;
import services.chorus.seqthink.hash.Sha256;
import services.chorus.seqthink.json.StrictBase64;

/**
 * The end of a log.
 *
 * @param head the last complete record; {@link ChainHead#NONE} when there is none
 * @param torn the bytes after it, if any
 * @param endsLine whether the last file ends with a line break or is empty
 */
record Tail(ChainHead head, Optional<TornLine> torn, boolean endsLine) {

    static final Tail NONE = new Tail(ChainHead.NONE, Optional.empty(), true);

    /**
     * Ends an incomplete line; the space keeps it from being a record if only the break is missing.
     */
    private static final byte[] BREAK = {' ', '\n'};

    private static final int FIRST_READ = 16 * 1024;

    /**
     * Reads the end of a log's files, which are given in order.
     *
     * @throws IOException when a file cannot be read
     */
    static Tail of(List<Path> files) throws IOException {
        if (files.isEmpty()) {
            return NONE;
        }
        Tail last = of(files.getLast());
        ChainHead head = last.head;
        // a file may have been created without a record
        for (int i = files.size() - 2; i >= 0 && head.equals(ChainHead.NONE); i--) {
            head = of(files.get(i)).head;
        }
        return new Tail(head, last.torn, last.endsLine);
    }

    /** The next line, after the end of an incomplete line before it. */
    byte[] completing(byte[] line) {
        return endsLine
                ? line
                : ByteBuffer.allocate(BREAK.length + line.length).put(BREAK).put(line).array();
    }

    private static Tail of(Path file) throws IOException {
        long size = Files.size(file);
        Tail tail = of(file, Math.max(0, size - FIRST_READ));
        // a record is far shorter than this, so only damaged files are read whole
        return tail.head.equals(ChainHead.NONE) && size > FIRST_READ ? of(file, 0) : tail;
    }

    private static Tail of(Path file, long from) throws IOException {
        ChainHead head = ChainHead.NONE;
        Optional<TornLine.Measure> torn = Optional.empty();
        boolean endsLine = true;
        try (LineReader lines = new LineReader(file, from)) {
            for (Optional<Piece> next = lines.next(); next.isPresent(); next = lines.next()) {
                Optional<RecordLine> record = next.get().record();
                if (record.isPresent()) {
                    head = record.get().head();
                    torn = Optional.empty();
                } else {
                    torn = torn.or(() -> Optional.of(new TornLine.Measure()));
                    torn.get().add(next.get());
                }
                endsLine = next.get().endsLine();
            }
        }
        if (!endsLine) {
            // the next start writes it
            torn.ifPresent(measure -> measure.add(BREAK));
        }
        return new Tail(head, torn.map(TornLine.Measure::total), endsLine);
    }

    /**
     * Bytes that a crash left after the last complete record. They stay in the file, and the next
     * start record names them.
     *
     * @param bytes how many, including the added end of the line
     * @param hash their SHA-256 as unpadded base64url
     */
    record TornLine(long bytes, String hash) {

        private static final String MEMBER = "torn";

        void addTo(ObjectNode record) {
            record.putObject(MEMBER).put("bytes", bytes).put("sha256", hash);
        }

        /** The torn line that a record names, if any. */
        static Optional<TornLine> of(JsonNode record) {
            JsonNode torn = record.path(MEMBER);
            return torn.path("bytes").isIntegralNumber() && torn.path("sha256").isTextual()
                    ? Optional.of(
                            new TornLine(
                                    torn.get("bytes").longValue(), torn.get("sha256").textValue()))
                    : Optional.empty();
        }

        /** Counts and hashes bytes that are not a record. For one thread. */
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

            /** The result; call {@code add} no more afterwards. */
            TornLine total() {
                return new TornLine(bytes, StrictBase64.encode(digest.digest()));
            }
        }
    }
}
