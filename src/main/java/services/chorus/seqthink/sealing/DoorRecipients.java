package services.chorus.seqthink.sealing;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import services.chorus.seqthink.age.KeyRecipient;

/**
 * The recipients whose identities a door has.
 *
 * @param version rises whenever another one becomes current; 1 or more
 * @param all the current one first, which is the one to seal to
 */
public record DoorRecipients(long version, List<KeyRecipient> all) {

    public DoorRecipients {
        all = List.copyOf(all);
        if (version < 1) {
            throw new IllegalArgumentException("version must be 1 or more: " + version);
        }
        if (all.isEmpty()) {
            throw new IllegalArgumentException("A door needs a recipient");
        }
    }

    KeyRecipient current() {
        return all.getFirst();
    }

    /** The same with another one current; empty when its identity is not here. */
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
