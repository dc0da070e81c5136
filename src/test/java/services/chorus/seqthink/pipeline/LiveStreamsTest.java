package services.chorus.seqthink.pipeline;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import services.chorus.seqthink.policy.Caller;
import services.chorus.seqthink.telemetry.Meters;

class LiveStreamsTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final LiveStreams live = new LiveStreams(new Meters(registry));

    @Test
    void limitsTheStreamsOfACaller() throws Refused {
        List<LiveStreams.Place> places = new ArrayList<>();
        for (int i = 0; i < LiveStreams.MOST_PER_CALLER; i++) {
            places.add(take(caller("greedy")));
        }
        assertRefused("greedy", Problem.CALLER_BUSY);
        take(caller("other"));

        places.getFirst().close();
        places.getFirst().close();

        take(caller("greedy"));
        assertRefused("greedy", Problem.CALLER_BUSY);
    }

    @Test
    void limitsAllStreams() throws Refused {
        List<LiveStreams.Place> places = new ArrayList<>();
        for (int i = 0; i < LiveStreams.MOST; i++) {
            places.add(take(caller("caller " + i)));
        }
        assertIsFullFor("one more");

        places.forEach(LiveStreams.Place::close);

        for (int i = 0; i < LiveStreams.MOST; i++) {
            take(caller("next " + i));
        }
        assertIsFullFor("one more");
    }

    @Test
    void rejectsStreamsAfterShutdown() {
        live.shutDown();

        assertIsFullFor("late");
    }

    private void assertIsFullFor(String name) {
        assertRefused(name, Problem.BUSY);
    }

    private void assertRefused(String name, Problem problem) {
        assertThatThrownBy(() -> take(caller(name)))
                .asInstanceOf(type(Refused.class))
                .extracting(Refused::reason)
                .isEqualTo(new Refused.Outside(problem));
    }

    private LiveStreams.Place take(Caller caller) throws Refused {
        return live.take(new AuthenticatedCaller(caller, Set.of(), Optional.empty()));
    }

    private static Caller caller(String name) {
        return new Caller("issuer", Caller.Kind.SUBJECT, name);
    }
}
