package services.chorus.seqthink.audit;

import java.nio.file.Path;

/**
 * Where a line stands.
 *
 * @param line counted from 1
 */
record Place(Path file, long line) {

    @Override
    public String toString() {
        return file + ":" + line;
    }
}
