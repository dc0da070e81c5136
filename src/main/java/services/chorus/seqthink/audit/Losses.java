package services.chorus.seqthink.audit;

import java.time.Instant;
import java.util.Optional;

/** How much was lost since that was last written down. Safe for use by several threads. */
final class Losses {

    private long count;
    private Instant since = Instant.MIN;

    /**
     * @param count how many decisions
     * @param since when the first of them was
     */
    record Lost(long count, Instant since) {}

    synchronized void add(Instant at) {
        if (count == 0) {
            since = at;
        }
        count++;
    }

    /** All of it, to be forgotten here. */
    synchronized Optional<Lost> take() {
        Optional<Lost> lost = count == 0 ? Optional.empty() : Optional.of(new Lost(count, since));
        count = 0;
        return lost;
    }
}
