package services.chorus.seqthink.sealing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import services.chorus.seqthink.state.StateUnavailableException;
import services.chorus.seqthink.testing.AgeKey;

class SharedVersionsTest {

    private final AgeKey first = AgeKey.generate();
    private final AgeKey second = AgeKey.generate();
    private final AgeKey third = AgeKey.generate();
    private final SharedNotes notes = new SharedNotes();
    private final SharedVersions versions = new SharedVersions(notes);

    @Test
    void returnsTheReplicasOwnWhenNoOtherIsAhead() {
        DoorRecipients own = door(1, first);

        assertThat(versions.settle(own)).hasValue(own);
        assertThat(versions.settle(own)).hasValue(own);
        assertThat(versions.settle(door(2, second, first))).hasValue(door(2, second, first));
    }

    @Test
    void returnsAHigherVersionThatTheReplicaHasAnIdentityFor() {
        versions.settle(door(2, second, first));

        assertThat(versions.settle(door(1, first, second))).hasValue(door(2, second, first));
    }

    @Test
    void returnsTheReplicasOwnWithoutAnIdentityForTheOther() {
        DoorRecipients behind = door(1, first);
        versions.settle(door(2, second, first));

        assertThat(versions.settle(behind)).hasValue(behind);
    }

    @Test
    void findsTheHighestVersionBehindAGap() {
        versions.settle(door(2, second));
        versions.settle(door(5, third));

        assertThat(versions.settle(door(1, first, second, third)))
                .hasValue(door(5, third, first, second));
        assertThat(versions.settle(door(1, first, second))).hasValue(door(2, second, first));
    }

    @Test
    void rejectsAnotherRecipientUnderATakenVersion() {
        DoorRecipients own = door(1, first);
        versions.settle(own);

        assertThat(versions.settle(door(1, second, first))).isEmpty();
        assertThat(versions.settle(own)).hasValue(own);
    }

    @Test
    void reportsThatTheStateIsUnavailable() {
        notes.goAway();

        assertThatExceptionOfType(StateUnavailableException.class)
                .isThrownBy(() -> versions.settle(door(1, first)));
    }

    private static DoorRecipients door(long version, AgeKey... keys) {
        return new DoorRecipients(
                version, Stream.of(keys).map(key -> key.identity().recipient()).toList());
    }
}
