package services.chorus.seqthink.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import services.chorus.seqthink.config.Heap;
import services.chorus.seqthink.mcp.Upstream;
import services.chorus.seqthink.policy.Caller;

class InProgressTest {

    private static final int MIB = 1024 * 1024;
    private static final Caller ONE = caller("one");
    private static final Caller OTHER = caller("other");

    private final InProgress inProgress = of(1, 8, new Heap(1L << 30));

    @Test
    void aCallerWithSlowBodiesLeavesMemoryForOthers() throws Refused {
        List<InProgress.Place> slow = fill(ONE);

        assertThat(slow.getLast().refusal()).isEqualTo(Problem.CALLER_BUSY);
        InProgress.Place other = inProgress.begin(OTHER);
        assertThat(other.reserve(MIB)).isTrue();
    }

    @Test
    void severalCallersWithSlowBodiesLeaveMemoryForOthers() throws Refused {
        for (int i = 0; i < 5; i++) {
            fill(caller("slow " + i));
        }

        assertThat(inProgress.begin(OTHER).reserve(64 * 1024)).isTrue();
    }

    @Test
    void releasesTheMemoryOfACallThatEnded() throws Refused {
        List<InProgress.Place> slow = fill(ONE);

        slow.forEach(InProgress.Place::close);
        slow.forEach(InProgress.Place::close);

        try (InProgress.Place next = inProgress.begin(ONE)) {
            assertThat(next.reserve(MIB)).isTrue();
            assertThat(next.reserve(MIB)).isTrue();
        }
    }

    @Test
    void aCallerWithSlowCallsLeavesPlacesForOthers() throws Refused {
        List<InProgress.Place> slow = new ArrayList<>();
        for (int i = 0; i < Upstream.MOST_CALLS / InProgress.SHARE; i++) {
            slow.add(inProgress.begin(ONE));
        }
        assertRefused(ONE, Problem.CALLER_BUSY);

        inProgress.begin(OTHER).close();

        slow.getFirst().close();
        inProgress.begin(ONE).close();
    }

    @Test
    void refusesCallsWhenAllPlacesAreTaken() throws Refused {
        for (int i = 0; i < Upstream.MOST_CALLS; i++) {
            inProgress.begin(caller("caller " + i));
        }
        assertRefused(OTHER, Problem.BUSY);
    }

    @Test
    void usesASixteenthOfTheHeapAtMost() throws Refused {
        InProgress small = of(4, 64, new Heap(384L << 20));

        InProgress.Place place = small.begin(ONE);
        assertThat(place.has(6L << 20)).isTrue();
        assertThat(place.has((6L << 20) + 1)).isFalse();
        assertThat(place.refusal()).isEqualTo(Problem.CALLER_BUSY);
        assertThat(place.has((24L << 20) + 1)).isFalse();
        assertThat(place.refusal()).isEqualTo(Problem.BUSY);
    }

    @Test
    void hasRoomForTheLargestBodyInATinyHeap() throws Refused {
        InProgress.Place place = of(4, 64, new Heap(16L << 20)).begin(ONE);

        assertThat(place.reserve(4 << 20)).isTrue();
        assertThat(place.reserve(1)).isFalse();
    }

    @Test
    void countsManyMibWithoutOverflow() throws Refused {
        InProgress large = of(4, 65_536, new Heap(Long.MAX_VALUE));

        assertThat(large.begin(ONE).has(16_384L * MIB)).isTrue();
        assertThat(large.begin(ONE).has(65_536L * MIB + 1)).isFalse();
    }

    /** Reserves half a MiB per call until a reservation is rejected. */
    private List<InProgress.Place> fill(Caller caller) throws Refused {
        List<InProgress.Place> places = new ArrayList<>();
        do {
            places.add(inProgress.begin(caller));
        } while (places.getLast().reserve(MIB / 2));
        return places;
    }

    private void assertRefused(Caller caller, Problem problem) {
        assertThatThrownBy(() -> inProgress.begin(caller))
                .asInstanceOf(type(Refused.class))
                .extracting(Refused::reason)
                .isEqualTo(new Refused.Outside(problem));
    }

    private static Caller caller(String name) {
        return new Caller("issuer", Caller.Kind.SUBJECT, name);
    }

    private static InProgress of(int maxBodyMb, int maxInflightMb, Heap heap) {
        return new InProgress(
                BodyLimits.of(maxBodyMb, Duration.ofSeconds(30), maxInflightMb, heap));
    }
}
