package services.chorus.seqthink.sealing;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import services.chorus.seqthink.age.KeyRecipient;

/**
 * The recipients of the gateway's identities.
 *
 * @param version increases whenever another recipient becomes current; 1 or more
 * @param all the first is the current one, which callers seal to
 */
public record DoorRecipients(long version, List<KeyRecipient> all) {

    public DoorRecipients {
        all = List.copyOf(all);
        if (version < 1) {
            throw new IllegalArgumentException("version must be 1 or more: " + version);
        }
        if (all.isEmpty()) {
            throw new IllegalArgumentException("A gateway needs a recipient");
        }
    }

    KeyRecipient current() {
        return all.getFirst();
    }

    /** The same with another current recipient; empty when this gateway has no identity for it. */
    Optional<DoorRecipients> with(long otherVersion, KeyRecipient otherCurrent) {
        if (!all.contains(otherCurrent)) {
            return Optional.empty();
        }
        List<KeyRecipient> reordered = new ArrayList<>(all);
        reordered.remove(otherCurrent);
        reordered.addFirst(otherCurrent);
        return Optional.of(new DoorRecipients(otherVersion, reordered));
    }
}
