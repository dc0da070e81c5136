package services.chorus.seqthink.sealing;

import java.util.Optional;
import services.chorus.seqthink.state.StateUnavailableException;

/** Agrees with other replicas on the recipients that a door advertises. */
public interface Versions {

    /** For a door that knows of no other replica. */
    Versions OF_ONE_REPLICA = Optional::of;

    /**
     * Settles what to advertise. May block for a few seconds.
     *
     * @param own what this replica has by itself
     * @return that, or a higher version that another replica advertises; empty when another replica
     *     advertises something else under this version
     * @throws StateUnavailableException when the others cannot be asked
     */
    Optional<DoorRecipients> settle(DoorRecipients own);
}
