package services.chorus.seqthink.sealing;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.time.Duration;
import java.util.Optional;
import services.chorus.seqthink.age.KeyRecipient;
import services.chorus.seqthink.state.Name;
import services.chorus.seqthink.state.SharedState;
import services.chorus.seqthink.state.SharedState.Snapshot;
import services.chorus.seqthink.state.StateUnavailableException;

/**
 * Agrees with the other replicas on the recipients that the gateway advertises. The first recipient
 * recorded under a version keeps that version. A replica with an older file advertises the highest
 * version it has an identity for, so that callers never see the version decrease.
 */
public final class SharedVersions {

    private static final String USE = "recipients";

    /** Far longer than a replica lags behind; renewed with every look. */
    private static final Duration LIFE = Duration.ofDays(365);

    /** A version that was current only between two looks of every replica leaves a gap. */
    private static final int WIDEST_GAP = 4;

    private final SharedState state;

    public SharedVersions(SharedState state) {
        this.state = state;
    }

    /**
     * Returns the recipients to advertise. May block for a few seconds.
     *
     * @param own the recipients of this replica
     * @return these, or a higher version that another replica advertises; empty when another
     *     replica advertises other recipients under this version
     * @throws StateUnavailableException when the state cannot be reached
     */
    Optional<DoorRecipients> settle(DoorRecipients own) {
        Optional<DoorRecipients> settled = isOurs(own) ? Optional.of(own) : Optional.empty();
        long seen = own.version();
        for (long version = seen + 1; version <= seen + WIDEST_GAP; version++) {
            Optional<KeyRecipient> recipient = read(state.look(name(version)));
            if (recipient.isPresent()) {
                seen = version;
                Optional<DoorRecipients> lower = settled;
                settled = own.with(version, recipient.get()).or(() -> lower);
            }
        }
        return settled;
    }

    private boolean isOurs(DoorRecipients own) {
        byte[] recipient = own.current().toString().getBytes(US_ASCII);
        Name name = name(own.version());
        Snapshot seen = state.look(name);
        if (seen.value().isEmpty()) {
            if (seen.swap(recipient, LIFE)) {
                return true;
            }
            seen = state.look(name); // another replica was faster
        }
        boolean ours = read(seen).filter(own.current()::equals).isPresent();
        if (ours) {
            seen.swap(recipient, LIFE); // fails if another replica renews it at the same time
        }
        return ours;
    }

    private static Optional<KeyRecipient> read(Snapshot note) {
        // empty for a kind of recipient that only a later version of this program knows
        return note.value().flatMap(bytes -> KeyRecipient.read(new String(bytes, US_ASCII)));
    }

    private static Name name(long version) {
        return new Name(USE, Long.toString(version));
    }
}
