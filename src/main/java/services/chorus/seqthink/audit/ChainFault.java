package services.chorus.seqthink.audit;

import java.nio.file.Path;

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
