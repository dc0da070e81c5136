package services.chorus.seqthink.http;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import services.chorus.seqthink.policy.Caller;
import services.chorus.seqthink.telemetry.Meters;

class LiveStreamsTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final LiveStreams live = new LiveStreams(new Meters(registry));

    @Test
    void hasSoManyPlacesForACaller() {
        List<LiveStreams.Place> places = new ArrayList<>();
        for (int i = 0; i < LiveStreams.MOST_PER_CALLER; i++) {
            places.add(take(caller("greedy")));
        }
        assertIsFullFor("greedy");
        take(caller("other"));

        places.getFirst().leave();
        places.getFirst().leave();

        take(caller("greedy"));
        assertIsFullFor("greedy");
    }

    @Test
    void hasSoManyPlacesInAll() {
        List<LiveStreams.Place> places = new ArrayList<>();
        for (int i = 0; i < LiveStreams.MOST; i++) {
            places.add(take(caller("caller " + i)));
        }
        assertIsFullFor("one more");

        places.forEach(LiveStreams.Place::leave);

        for (int i = 0; i < LiveStreams.MOST; i++) {
            take(caller("next " + i));
        }
        assertIsFullFor("one more");
    }

    @Test
    void hasNoPlaceOnceTheServiceEnds() {
        live.end(new ShutdownDelayInitiatedEvent());

        assertIsFullFor("late");
    }

    private void assertIsFullFor(String name) {
        assertThatThrownBy(() -> take(caller(name)))
                .asInstanceOf(type(ProblemException.class))
                .extracting(ProblemException::problem)
                .isEqualTo(Problem.BUSY);
    }

    private LiveStreams.Place take(Caller caller) {
        return live.take(caller, Optional.empty());
    }

    private static Caller caller(String name) {
        return new Caller("issuer", Caller.Kind.SUBJECT, name);
    }
}
