package services.chorus.seqthink.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.net.URI;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import services.chorus.seqthink.config.Heap;
import services.chorus.seqthink.state.SealedState;
import services.chorus.seqthink.state.SharedState;
import services.chorus.seqthink.state.StateSecrets;
import services.chorus.seqthink.testing.Canaries;
import services.chorus.seqthink.testing.Client;
import services.chorus.seqthink.testing.Door;
import services.chorus.seqthink.testing.FollowedStream;
import services.chorus.seqthink.testing.Scrape;
import services.chorus.seqthink.testing.WatchedState;

/** A gateway whose logs of thoughts are unavailable; all other state works. */
@QuarkusTest
@WithTestResource(Door.class)
@TestProfile(UnstreamedThoughtTest.WithoutStreams.class)
class UnstreamedThoughtTest {

    @TestHTTPResource URI service;

    Door door;
    Client caller;

    @BeforeEach
    void createACaller() {
        caller = Client.stranger(door);
    }

    @Test
    void aReplyReportsThatItsThoughtIsNotStreamed() {
        Scrape before = Scrape.now();

        JsonNode reply =
                caller.open(caller.post(caller.sealed(caller.request(Canaries.thought()))));

        assertThat(reply.get("status").intValue()).isEqualTo(200);
        assertThat(reply.at("/result/thoughtHistoryLength").intValue()).isEqualTo(1);
        assertThat(reply.get("streamed").booleanValue()).isFalse();
        assertThat(Scrape.now().since(before, "seqthink_unstreamed_thoughts_total")).isEqualTo(1);
    }

    @Test
    void aStreamIsRejectedInsideTheSeal() throws Exception {
        try (FollowedStream stream = FollowedStream.of(caller, service)) {
            assertThat(stream.status()).isEqualTo(503);
            assertThat(stream.header("Retry-After")).isNotEmpty();
            JsonNode reply = Client.open(stream.body(), caller.key());
            assertThat(reply.at("/error/code").textValue()).isEqualTo("state-unavailable");
        }
    }

    /** Starts the gateway with such state. */
    public static final class WithoutStreams implements QuarkusTestProfile {

        @Override
        public Set<Class<?>> getEnabledAlternatives() {
            return Set.of(StreamlessState.class);
        }
    }

    /** State that can neither read nor append to the log of a stream. */
    @Alternative
    @Singleton
    static final class StreamlessState {

        @Produces
        @Singleton
        SharedState state(InstantSource clock, Heap heap) {
            WatchedState state =
                    new WatchedState(
                            SealedState.inMemory(
                                    new StateSecrets.OfProcess(new SecureRandom()),
                                    Door.PUBLIC_URL,
                                    clock,
                                    heap),
                            true);
            state.fail("stream");
            return state;
        }
    }
}
