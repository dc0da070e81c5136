package services.chorus.seqthink.state;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.Optional;

/** What one name had at one moment, to be exchanged for another value. */
public interface Snapshot {

    /** The value; empty when there was none, or its life was over. */
    Optional<byte[]> value();

    /**
     * Puts a value in the place of this one, unless that has changed since: of several who looked
     * at the same moment, one succeeds.
     *
     * @return whether it was put
     */
    Uni<Boolean> swap(byte[] value, Duration life);
}
