package services.chorus.seqthink.pipeline;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.pipeline.SealedStream.SealedEvent;
import services.chorus.seqthink.policy.AccessToken;
import services.chorus.seqthink.policy.Caller;
import services.chorus.seqthink.policy.Reason;
import services.chorus.seqthink.policy.Verdict;
import services.chorus.seqthink.protocol.StreamEvent;
import services.chorus.seqthink.protocol.StreamEvent.Open;
import services.chorus.seqthink.protocol.StreamEvent.Thought;
import services.chorus.seqthink.telemetry.Meters;

/** The reasons for the end of a stream, except its reader. */
class SealedStreamTest {

    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Instant NOW = Instant.parse("2027-01-31T00:00:00Z");

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final LiveStreams live = new LiveStreams(new Meters(registry));

    @Test
    void returnsEventsInOrderAndThenEmpty() throws Exception {
        Thoughts thoughts = new Thoughts();
        thoughts.events.add(Optional.of(thought(1)));
        thoughts.events.add(Optional.of(thought(2)));
        try (SealedStream stream = stream("token", thoughts, Optional.empty())) {
            assertThat(words(stream.open())).isEqualTo("open 0");
            assertThat(words(stream.next(LONG))).isEqualTo("thought 1");
            assertThat(words(stream.next(LONG))).isEqualTo("thought 2");
            assertThat(stream.next(Duration.ZERO)).isEmpty();
        }
    }

    @Test
    void throwsInterruptedExceptionOnceClosed() throws Exception {
        SealedStream stream = stream("token", new Thoughts(), Optional.empty());
        stream.open();
        stream.close();
        assertThatThrownBy(() -> stream.next(Duration.ZERO))
                .isInstanceOf(InterruptedException.class);
    }

    @Test
    void endsWhenItsTokenHasExpired() throws Exception {
        try (SealedStream stream = stream("token", new Thoughts(), Optional.of(NOW))) {
            stream.open();
            assertThat(words(stream.next(LONG))).isEqualTo("token-expired 0");
        }
    }

    @Test
    void waitsNoLongerThanUntilItsTokenExpires() throws Exception {
        Instant soon = Instant.now().plusMillis(50);
        try (SealedStream stream =
                stream("token", new Thoughts(), Optional.of(soon), InstantSource.system())) {
            stream.open();
            Optional<SealedEvent> next = stream.next(LONG);
            while (next.isEmpty()) {
                next = stream.next(LONG);
            }
            assertThat(words(next)).isEqualTo("token-expired 0");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"REVOKED", "UNKNOWN_KEY"})
    void endsOnlyTheStreamWhoseTokenWasRevoked(Reason reason) throws Exception {
        Verdict unknown = new Verdict.KeysUnavailable();
        Map<String, Verdict> verdicts = new ConcurrentHashMap<>();
        RevokedStreams revoked =
                new RevokedStreams(
                        live,
                        () -> asked -> verdicts.getOrDefault(asked, unknown),
                        Duration.ofMillis(20));
        revoked.start();
        try (SealedStream one = stream("one", new Thoughts(), Optional.empty());
                SealedStream other = stream("other", new Thoughts(), Optional.empty())) {
            one.open();
            other.open();

            verdicts.put("other", new Verdict.Refused(Reason.EXPIRED));
            verdicts.put("one", new Verdict.Refused(reason));

            assertThat(words(one.next(LONG))).isEqualTo("token-revoked 0");
            assertThat(other.next(Duration.ofMillis(200))).isEmpty();
        } finally {
            revoked.stop();
        }
    }

    @Test
    void endsAtOnceIfItsTokenWasRevokedBeforeItBegan() throws Exception {
        try (SealedStream stream = stream("token", new Thoughts(), Optional.empty())) {
            live.end("token", StreamEvent.Reason.TOKEN_REVOKED);
            stream.open();
            assertThat(words(stream.next(LONG))).isEqualTo("token-revoked 0");
        }
    }

    @Test
    void endsWhenTheServiceShutsDown() throws Exception {
        try (SealedStream stream = stream("token", new Thoughts(), Optional.empty())) {
            stream.open();
            Thread.startVirtualThread(live::shutDown);
            assertThat(words(stream.next(LONG))).isEqualTo("shutdown 0");
        }
    }

    @Test
    void endsASlowStreamAfterItsLastEvent() throws Exception {
        Thoughts thoughts = new Thoughts();
        thoughts.events.add(Optional.of(thought(7)));
        try (SealedStream stream = stream("token", thoughts, Optional.empty())) {
            stream.open();
            stream.next(LONG);
            assertThat(words(stream.cutOff())).isEqualTo("too-slow 7");
        }
        assertThat(registry.get("seqthink.streams.cut").counter().count()).isEqualTo(1);
    }

    @Test
    void countsAsOpenUntilItIsClosed() throws Exception {
        Thoughts thoughts = new Thoughts();
        SealedStream stream = stream("token", thoughts, Optional.empty());
        assertThat(open()).isZero();
        stream.open();
        assertThat(open()).isEqualTo(1);
        stream.close();
        stream.close();
        assertThat(open()).isZero();
        assertThat(thoughts.closed).isTrue();
    }

    @Test
    void canBeInterruptedWhileWaiting() throws Exception {
        try (SealedStream stream = stream("token", new Thoughts(), Optional.empty())) {
            stream.open();
            Thread reader = Thread.currentThread();
            Thread.startVirtualThread(
                    () -> {
                        await().until(() -> reader.getState() == Thread.State.TIMED_WAITING);
                        reader.interrupt();
                    });
            assertThatThrownBy(() -> stream.next(LONG)).isInstanceOf(InterruptedException.class);
        }
    }

    private SealedStream stream(String token, Thoughts thoughts, Optional<Instant> expiry)
            throws Refused {
        return stream(token, thoughts, expiry, () -> NOW);
    }

    private SealedStream stream(
            String token, Thoughts thoughts, Optional<Instant> expiry, InstantSource clock)
            throws Refused {
        AccessToken claims =
                new AccessToken(
                        new Caller("issuer", Caller.Kind.SUBJECT, "caller"),
                        Set.of(),
                        Instant.MAX,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        "hash");
        return new SealedStream(
                new ThoughtStream(new Open("e", 0, Optional.empty(), false), thoughts),
                event -> event.name().getBytes(US_ASCII),
                live.take(AuthenticatedCaller.of(token, claims)),
                expiry,
                clock);
    }

    private static StreamEvent thought(long sequence) {
        return new Thought("e", sequence, StrictJson.object());
    }

    private static String words(Optional<SealedEvent> event) {
        return words(event.orElseThrow());
    }

    private static String words(SealedEvent event) {
        return event.end().map(StreamEvent.Reason::code).orElse(event.name())
                + " "
                + event.sequence();
    }

    private double open() {
        return registry.get("seqthink.streams.open").gauge().value();
    }

    /** Queued events; waits while there are none. */
    private static final class Thoughts implements ThoughtStream.Follower {

        private final BlockingQueue<Optional<StreamEvent>> events = new LinkedBlockingQueue<>();
        private volatile boolean closed;

        @Override
        public Optional<StreamEvent> next(Duration atMost) throws InterruptedException {
            Optional<StreamEvent> next = events.poll(atMost.toNanos(), TimeUnit.NANOSECONDS);
            return next == null ? Optional.empty() : next;
        }

        @Override
        public void close() {
            closed = true;
            events.add(Optional.empty());
        }
    }
}
