package services.chorus.seqthink.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.pipeline.ThoughtStream.Follower;
import services.chorus.seqthink.protocol.After;
import services.chorus.seqthink.protocol.StreamEvent;
import services.chorus.seqthink.protocol.StreamEvent.End;
import services.chorus.seqthink.protocol.StreamEvent.Open;
import services.chorus.seqthink.protocol.StreamEvent.Reason;
import services.chorus.seqthink.protocol.StreamEvent.Thought;
import services.chorus.seqthink.state.History;
import services.chorus.seqthink.state.SharedState;
import services.chorus.seqthink.state.StateUnavailableException;
import services.chorus.seqthink.testing.States;
import services.chorus.seqthink.testing.WatchedState;

class ThoughtLogTest {

    private static final History MINE = new History("me", "mine");
    private static final Duration SOON = Duration.ofMillis(50);
    private static final Duration NEVER = Duration.ofHours(1);
    private static final Duration WAIT = Duration.ofSeconds(10);

    private final AtomicReference<Instant> now =
            new AtomicReference<>(Instant.parse("2030-01-01T00:00:00Z"));
    private final InstantSource clock = now::get;
    private final SharedState state = States.inMemory(clock);
    private final ThoughtLog log = new ThoughtLog(state, NEVER);

    @Test
    void opensAnEmptyHistory() {
        assertThat(begun(Optional.empty()).open())
                .isEqualTo(new Open("", 0, Optional.empty(), false));
    }

    @Test
    void returnsThoughtsAsTheyComplete() throws Exception {
        Follower reader = follow(Optional.empty());
        assertThat(reader.next(Duration.ZERO)).isEmpty();

        String epoch = think("first");
        assertThat(next(reader)).isEqualTo(new Thought(epoch, 1, thought("first")));
        assertThat(reader.next(Duration.ofMillis(10))).isEmpty();
        think("second");
        assertThat(next(reader)).isEqualTo(new Thought(epoch, 2, thought("second")));
        assertThat(reader.next(Duration.ZERO)).isEmpty();
    }

    @Test
    void wakesAWaitingReader() throws Exception {
        Follower reader = follow(Optional.empty());
        CompletableFuture<StreamEvent> received = new CompletableFuture<>();
        Thread waiting = waiting(reader, received);

        think("first");

        assertThat(result(received.get(10, TimeUnit.SECONDS))).isEqualTo("first");
        waiting.join();
    }

    @Test
    void aWaitingReaderCanBeInterruptedOrClosed() throws Exception {
        CompletableFuture<StreamEvent> interrupted = new CompletableFuture<>();
        Thread waiting = waiting(follow(Optional.empty()), interrupted);
        waiting.interrupt();
        assertThat(interrupted)
                .failsWithin(WAIT)
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(InterruptedException.class);

        Follower reader = follow(Optional.empty());
        CompletableFuture<StreamEvent> closed = new CompletableFuture<>();
        waiting = waiting(reader, closed);
        reader.close();
        assertThat(closed)
                .failsWithin(WAIT)
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(NoSuchElementException.class);
        assertThat(reader.next(WAIT)).isEmpty();
    }

    @Test
    void separatesHistories() throws Exception {
        Follower reader = follow(Optional.empty());
        assertThat(log.record(new History("me", "another"), thought("theirs"))).isTrue();
        think("mine");

        assertThat(result(next(reader))).isEqualTo("mine");
    }

    @Test
    void beginsWithTheOldestThoughtByDefault() throws Exception {
        think("first");
        think("second");

        Follower reader = follow(Optional.empty());
        assertThat(result(next(reader))).isEqualTo("first");
        assertThat(result(next(reader))).isEqualTo("second");
    }

    @Test
    void resumesAfterAPosition() throws Exception {
        think("first");
        String epoch = think("second");

        for (After after : new After[] {new After(epoch, 1), new After("", 1)}) {
            assertThat(begun(Optional.of(after)).open())
                    .isEqualTo(new Open(epoch, 1, Optional.of(after), false));
            Follower reader = follow(Optional.of(after));
            assertThat(result(next(reader))).isEqualTo("second");
            assertThat(reader.next(Duration.ZERO)).isEmpty();
        }
    }

    @Test
    void resumesAtTheEnd() {
        String epoch = think("first");
        After after = new After(epoch, 1);

        assertThat(begun(Optional.of(after)).open())
                .isEqualTo(new Open(epoch, 1, Optional.of(after), false));
    }

    @Test
    void reportsLossForAPositionBeyondTheEndOrOfAnotherEpoch() {
        String epoch = think("first");

        for (After after :
                new After[] {
                    new After(epoch, 2),
                    new After("", 2),
                    new After("another", 1),
                    new After("another", 0)
                }) {
            assertThat(begun(Optional.of(after)).open())
                    .isEqualTo(new Open(epoch, 0, Optional.of(after), true));
        }
    }

    @Test
    void reportsLossOfDroppedThoughts() {
        String epoch = "";
        for (int i = 1; i <= 1002; i++) {
            epoch = think("thought " + i);
        }

        assertThat(begun(Optional.empty()).open())
                .isEqualTo(new Open(epoch, 2, Optional.empty(), false));
        After early = new After(epoch, 1);
        assertThat(begun(Optional.of(early)).open())
                .isEqualTo(new Open(epoch, 2, Optional.of(early), true));
        After justKept = new After(epoch, 2);
        assertThat(begun(Optional.of(justKept)).open())
                .isEqualTo(new Open(epoch, 2, Optional.of(justKept), false));
    }

    @Test
    void reportsLossOfAnExpiredLog() {
        After after = new After(think("first"), 0);
        now.updateAndGet(time -> time.plus(Duration.ofHours(25)));

        assertThat(begun(Optional.of(after)).open())
                .isEqualTo(new Open("", 0, Optional.of(after), true));
        After fromNothing = new After("", 0);
        assertThat(begun(Optional.of(fromNothing)).open())
                .isEqualTo(new Open("", 0, Optional.of(fromNothing), false));
    }

    @Test
    void endsIfUnreadThoughtsWereDropped() throws Exception {
        think("first");
        Follower reader = follow(Optional.empty());
        StreamEvent first = next(reader);
        for (int i = 0; i < 1002; i++) {
            think("next");
        }

        assertThat(next(reader)).isEqualTo(new End(first.epoch(), 1, Reason.LOST));
        assertThat(reader.next(WAIT)).isEmpty();
    }

    @Test
    void endsIfTheLogHasANewEpoch() throws Exception {
        String epoch = think("first");
        Follower reader = follow(Optional.empty());
        next(reader);
        now.updateAndGet(time -> time.plus(Duration.ofHours(25)));
        think("in another epoch");

        assertThat(next(reader)).isEqualTo(new End(epoch, 1, Reason.LOST));
    }

    @Test
    void pollsIfAWakeUpIsMissed() throws Exception {
        SharedState silent = new WatchedState(state, false);
        Follower reader = follow(new ThoughtLog(silent, SOON), Optional.empty());
        assertThat(reader.next(Duration.ZERO)).isEmpty();
        think("first");
        assertThat(result(next(reader))).isEqualTo("first");
        assertThat(reader.next(Duration.ZERO)).isEmpty();
        think("second");
        assertThat(result(next(reader))).isEqualTo("second");
    }

    @Test
    void readsOnePageAtATimeOnDemand() throws Exception {
        String long100k = "x".repeat(100_000);
        for (int i = 0; i < 6; i++) {
            think(long100k);
        }
        WatchedState watched = new WatchedState(state, true);
        Follower reader = follow(new ThoughtLog(watched, NEVER), Optional.empty());
        for (int pages : new int[] {1, 1, 2, 2, 3, 3}) {
            next(reader);
            assertThat(watched.pages()).isEqualTo(pages);
        }
    }

    @Test
    void subscribesOnlyBetweenTheFirstReadAndClose() throws Exception {
        WatchedState watched = new WatchedState(state, true);
        Follower reader = follow(new ThoughtLog(watched, NEVER), Optional.empty());
        assertThat(watched.followers()).isZero();
        reader.next(Duration.ZERO);
        assertThat(watched.followers()).isEqualTo(1);

        reader.close();
        reader.next(Duration.ZERO);

        assertThat(watched.followers()).isZero();
    }

    @Test
    void reportsUnavailableState() throws Exception {
        WatchedState watched = new WatchedState(state, true);
        ThoughtLog failing = new ThoughtLog(watched, NEVER);
        String epoch = think("first");
        Follower reader = follow(failing, Optional.empty());
        next(reader);

        watched.fail("stream");

        assertThat(failing.record(MINE, thought("second"))).isFalse();
        assertThatExceptionOfType(StateUnavailableException.class)
                .isThrownBy(() -> failing.open(MINE, Optional.empty()));
        think("third");
        assertThat(next(reader)).isEqualTo(new End(epoch, 1, Reason.STATE_UNAVAILABLE));
    }

    @Test
    void recordsNoThoughtThatIsTooLargeOrUnreadable() {
        int largest = 512 * 1024 - StrictJson.write(thought("")).length;
        ObjectNode tooLarge = thought("x".repeat(largest + 1));
        ObjectNode tooManyTokens = StrictJson.object();
        for (int i = 0; i < StrictJson.MAX_TOKENS; i++) {
            tooManyTokens.withArray("result").add(0);
        }

        assertThat(log.record(MINE, tooLarge)).isFalse();
        assertThat(log.record(MINE, tooManyTokens)).isFalse();
        assertThat(begun(Optional.empty()).open().epoch()).isEmpty();

        think("x".repeat(largest));
    }

    @Test
    void keepsTwoMibOfAHistory() {
        for (int i = 0; i < 5; i++) {
            think("x".repeat(500 * 1024));
        }

        assertThat(begun(Optional.empty()).open().sequence()).isEqualTo(1);
    }

    @Test
    void endsAtAnUnreadableEntry() throws Exception {
        Follower reader = follow(Optional.empty());
        state.append(
                MINE.name("stream"),
                "no json".getBytes(UTF_8),
                new SharedState.Limits(9, 99, NEVER));

        assertThat(next(reader)).isEqualTo(new End("", 0, Reason.LOST));
    }

    private static StreamEvent next(Follower reader) throws InterruptedException {
        return reader.next(WAIT).orElseThrow();
    }

    /** A thread that waits for the next event and completes a future with it. */
    private static Thread waiting(Follower reader, CompletableFuture<StreamEvent> received) {
        Thread thread =
                Thread.startVirtualThread(
                        () -> {
                            try {
                                received.complete(next(reader));
                            } catch (InterruptedException | RuntimeException e) {
                                received.completeExceptionally(e);
                            }
                        });
        await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);
        return thread;
    }

    private static String result(StreamEvent event) {
        return ((Thought) event).thought().path("result").textValue();
    }

    private static ObjectNode thought(String result) {
        return StrictJson.object().put("result", result);
    }

    /** Records a thought and returns the epoch of the log. */
    private String think(String result) {
        assertThat(log.record(MINE, thought(result))).isTrue();
        return state.read(MINE.name("stream"), 0, 1).end().orElseThrow().epoch();
    }

    private ThoughtStream begun(Optional<After> after) {
        return log.open(MINE, after);
    }

    private Follower follow(Optional<After> after) {
        return follow(log, after);
    }

    private static Follower follow(ThoughtLog log, Optional<After> after) {
        return log.open(MINE, after).follower();
    }
}
