package services.chorus.seqthink.state;

import io.smallrye.mutiny.Uni;
import java.util.List;

/**
 * Append-only logs, one to a key, that forget: the oldest entries of a log that grows too long, and
 * whole logs that nobody used for a while or that no room is left for.
 *
 * <p>Keys are digests, never names. Safe for use by several threads; appends to one key happen one
 * after the other.
 */
public interface Histories {

    /**
     * Adds an entry at the end of a key's log.
     *
     * @return how many entries were ever added to that log, this one included and the forgotten
     *     ones too
     * @throws IllegalArgumentException when the entry alone is larger than a log may be
     */
    Uni<Long> append(byte[] key, byte[] entry);

    /** The entries that a key's log still holds, oldest first; none when there is no such log. */
    Uni<List<byte[]>> read(byte[] key);
}
