package services.chorus.seqthink.state;

import static java.util.Objects.requireNonNull;

/**
 * A place in a log.
 *
 * @param epoch drawn at random when the log began: a log that was forgotten and begins again has
 *     another
 * @param sequence 1 for a log's first entry ever, and one more for each
 */
public record LogPosition(String epoch, long sequence) {

    public LogPosition {
        requireNonNull(epoch, "epoch is null");
    }
}
