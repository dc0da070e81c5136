package services.chorus.seqthink.sealing;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.smallrye.mutiny.TimeoutException;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.Optional;
import services.chorus.seqthink.age.AgeException;
import services.chorus.seqthink.age.KeyRecipient;
import services.chorus.seqthink.state.Name;
import services.chorus.seqthink.state.SharedState;
import services.chorus.seqthink.state.StateUnavailableException;

/**
 * Versions as all replicas of a door have written them down: each version belongs to the recipient
 * that came first. A replica whose file is behind advertises the highest version it can open for,
 * so that callers see versions rise only, whichever replica answers them.
 */
public final class SharedVersions implements Versions {

    private static final String USE = "recipients";

    /** Far longer than a replica lags behind; begins anew with every look. */
    private static final Duration LIFE = Duration.ofDays(365);

    /** A version that came and went between two looks of every replica leaves a gap. */
    private static final int WIDEST_GAP = 4;

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final SharedState state;

    /** Versions in what the replicas share. */
    public SharedVersions(SharedState state) {
        this.state = state;
    }

    @Override
    public Optional<DoorRecipients> settle(DoorRecipients own) {
        Optional<DoorRecipients> settled = isOurs(own) ? Optional.of(own) : Optional.empty();
        long seen = own.version();
        for (long version = seen + 1; version <= seen + WIDEST_GAP; version++) {
            Optional<KeyRecipient> recipient = recipient(version);
            if (recipient.isPresent()) {
                seen = version;
                Optional<DoorRecipients> lower = settled;
                settled = own.with(version, recipient.get()).or(() -> lower);
            }
        }
        return settled;
    }

    private boolean isOurs(DoorRecipients own) {
        Name name = name(own.version());
        byte[] recipient = own.current().toString().getBytes(US_ASCII);
        return now(state.putIfAbsent(name, recipient, LIFE))
                || recipient(own.version()).filter(own.current()::equals).isPresent()
                        && now(state.expire(name, LIFE));
    }

    private Optional<KeyRecipient> recipient(long version) {
        return now(state.get(name(version))).flatMap(SharedVersions::read);
    }

    private static Optional<KeyRecipient> read(byte[] recipient) {
        try {
            return Optional.of(KeyRecipient.parse(new String(recipient, US_ASCII)));
        } catch (AgeException e) {
            // of a kind that only a later version of this program knows
            return Optional.empty();
        }
    }

    private static Name name(long version) {
        return new Name(USE, Long.toString(version));
    }

    private static <T> T now(Uni<T> asked) {
        try {
            return asked.await().atMost(PATIENCE);
        } catch (TimeoutException e) {
            throw new StateUnavailableException("What is shared did not answer in time", e);
        }
    }
}
