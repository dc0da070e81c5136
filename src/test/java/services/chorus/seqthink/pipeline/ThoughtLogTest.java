package services.chorus.seqthink.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smallrye.mutiny.helpers.test.AssertSubscriber;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.protocol.After;
import services.chorus.seqthink.protocol.StreamEvent;
import services.chorus.seqthink.protocol.StreamEvent.End;
import services.chorus.seqthink.protocol.StreamEvent.Open;
import services.chorus.seqthink.protocol.StreamEvent.Reason;
import services.chorus.seqthink.protocol.StreamEvent.Thought;
import services.chorus.seqthink.state.LogLimits;
import services.chorus.seqthink.state.Name;
import services.chorus.seqthink.state.SharedState;
import services.chorus.seqthink.testing.States;
import services.chorus.seqthink.testing.WatchedState;

class ThoughtLogTest {

    private static final String MINE = "mine";
    private static final Duration SOON = Duration.ofMillis(50);
    private static final Duration NEVER = Duration.ofHours(1);

    private final AtomicReference<Instant> now =
            new AtomicReference<>(Instant.parse("2030-01-01T00:00:00Z"));
    private final InstantSource clock = now::get;
    private final SharedState state = States.inMemory(clock);
    private final ThoughtLog log = new ThoughtLog(state, NEVER);

    @Test
    void beginsWithNothingWhereNothingWasThought() {
        assertThat(begun(Optional.empty()).open())
                .isEqualTo(new Open("", 0, Optional.empty(), false));
    }

    @Test
    void tellsThoughtsAsTheyComplete() {
        AssertSubscriber<StreamEvent> reader = follow(Optional.empty(), 10);
        assertThat(reader.getItems()).isEmpty();

        think("first");
        reader.awaitItems(1);
        think("second");
        reader.awaitItems(2);

        assertThat(reader.getItems())
                .extracting(StreamEvent::sequence, ThoughtLogTest::result)
                .containsExactly(tuple(1, "first"), tuple(2, "second"));
        assertThat(reader.getItems().getFirst().epoch()).isNotEmpty();
        assertThat(reader.getItems().getLast().epoch())
                .isEqualTo(reader.getItems().getFirst().epoch());
    }

    @Test
    void keepsHistoriesApart() {
        AssertSubscriber<StreamEvent> reader = follow(Optional.empty(), 10);
        assertThat(log.record("another's", thought("theirs")).await().indefinitely()).isTrue();
        think("mine");
        reader.awaitItems(1);

        assertThat(reader.getItems()).extracting(ThoughtLogTest::result).containsExactly("mine");
    }

    @Test
    void beginsWithTheOldestForWhoAsksForNothing() {
        think("first");
        think("second");

        AssertSubscriber<StreamEvent> reader = follow(Optional.empty(), 10);
        reader.awaitItems(2);
        assertThat(reader.getItems())
                .extracting(ThoughtLogTest::result)
                .containsExactly("first", "second");
    }

    @Test
    void goesOnAfterWhatTheClientHas() {
        think("first");
        String epoch = think("second");

        for (After after : new After[] {new After(epoch, 1), new After("", 1)}) {
            assertThat(begun(Optional.of(after)).open())
                    .isEqualTo(new Open(epoch, 1, Optional.of(after), false));
            AssertSubscriber<StreamEvent> reader = follow(Optional.of(after), 10);
            reader.awaitItems(1);
            assertThat(reader.getItems())
                    .extracting(ThoughtLogTest::result)
                    .containsExactly("second");
        }
    }

    @Test
    void goesOnAtTheEnd() {
        String epoch = think("first");
        After after = new After(epoch, 1);

        assertThat(begun(Optional.of(after)).open())
                .isEqualTo(new Open(epoch, 1, Optional.of(after), false));
    }

    @Test
    void saysThatItIsLostWhatIsBeyondTheEndOrOfAnotherEpoch() {
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
    void saysThatItIsLostWhatIsForgotten() {
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
    void saysThatItIsLostWhatWasAllForgotten() {
        After after = new After(think("first"), 0);
        now.updateAndGet(time -> time.plus(Duration.ofHours(25)));

        assertThat(begun(Optional.of(after)).open())
                .isEqualTo(new Open("", 0, Optional.of(after), true));
        After fromNothing = new After("", 0);
        assertThat(begun(Optional.of(fromNothing)).open())
                .isEqualTo(new Open("", 0, Optional.of(fromNothing), false));
    }

    @Test
    void endsWhereThoughtsWereForgottenBeforeTheyWereRead() {
        think("first");
        AssertSubscriber<StreamEvent> reader = follow(Optional.empty(), 1);
        reader.awaitItems(1);
        for (int i = 0; i < 1002; i++) {
            think("next");
        }
        reader.request(10).awaitCompletion();

        StreamEvent first = reader.getItems().getFirst();
        assertThat(reader.getItems())
                .containsExactly(first, new End(first.epoch(), 1, Reason.LOST));
    }

    @Test
    void endsWhereTheLogBeganAgain() {
        think("first");
        AssertSubscriber<StreamEvent> reader = follow(Optional.empty(), 10);
        reader.awaitItems(1);
        now.updateAndGet(time -> time.plus(Duration.ofHours(25)));
        think("in another epoch");
        reader.awaitCompletion();

        assertThat(reader.getLastItem())
                .isEqualTo(new End(reader.getItems().getFirst().epoch(), 1, Reason.LOST));
    }

    @Test
    void looksByItselfWhereNobodyWakesIt() {
        SharedState silent = new WatchedState(state, false);
        AssertSubscriber<StreamEvent> reader =
                following(new ThoughtLog(silent, SOON), Optional.empty(), 10);
        think("first");
        reader.awaitItems(1);
        think("second");
        reader.awaitItems(2);

        assertThat(reader.getItems())
                .extracting(ThoughtLogTest::result)
                .containsExactly("first", "second");
    }

    @Test
    void readsAPageAtATimeAndOnlyWhenThoughtsAreAskedFor() {
        String long100k = "x".repeat(100_000);
        for (int i = 0; i < 6; i++) {
            think(long100k);
        }
        WatchedState watched = new WatchedState(state, true);
        AssertSubscriber<StreamEvent> reader =
                following(new ThoughtLog(watched, NEVER), Optional.empty(), 1);
        reader.awaitItems(1);
        assertThat(watched.pages()).isEqualTo(1);
        reader.request(1);
        reader.awaitItems(2);
        assertThat(watched.pages()).isEqualTo(1);
        reader.request(1);
        reader.awaitItems(3);
        assertThat(watched.pages()).isEqualTo(2);
        reader.request(3);
        reader.awaitItems(6);
        assertThat(watched.pages()).isEqualTo(3);
    }

    @Test
    void stopsFollowingWhenNobodyReadsAnyMore() {
        WatchedState watched = new WatchedState(state, true);
        AssertSubscriber<StreamEvent> reader =
                following(new ThoughtLog(watched, NEVER), Optional.empty(), 10);
        assertThat(watched.followers()).isEqualTo(1);

        reader.cancel();

        assertThat(watched.followers()).isZero();
    }

    @Test
    void isUnavailableWhereTheStateIs() {
        WatchedState watched = new WatchedState(state, true);
        ThoughtLog failing = new ThoughtLog(watched, NEVER);
        think("first");
        AssertSubscriber<StreamEvent> reader = following(failing, Optional.empty(), 10);
        reader.awaitItems(1);
        String epoch = reader.getItems().getFirst().epoch();

        watched.fail("stream");

        assertThat(failing.record(MINE, thought("second")).await().indefinitely()).isFalse();
        assertThat(failing.open(MINE, Optional.empty()).await().indefinitely())
                .isEqualTo(new ThoughtStream.Unavailable());
        think("third");
        reader.awaitCompletion();
        assertThat(reader.getLastItem()).isEqualTo(new End(epoch, 1, Reason.STATE_UNAVAILABLE));
    }

    @Test
    void doesNotRecordWhatIsTooLargeOrNobodyCouldReadBack() {
        int largest = 512 * 1024 - StrictJson.write(thought("")).length;
        ObjectNode tooLarge = thought("x".repeat(largest + 1));
        ObjectNode tooManyTokens = StrictJson.object();
        for (int i = 0; i < StrictJson.MAX_TOKENS; i++) {
            tooManyTokens.withArray("result").add(0);
        }

        assertThat(log.record(MINE, tooLarge).await().indefinitely()).isFalse();
        assertThat(log.record(MINE, tooManyTokens).await().indefinitely()).isFalse();
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
    void endsWhereAnEntryIsNotOurs() {
        AssertSubscriber<StreamEvent> reader = follow(Optional.empty(), 10);
        state.append(
                        new Name("stream", MINE),
                        "no json".getBytes(UTF_8),
                        new LogLimits(9, 99, NEVER))
                .await()
                .indefinitely();
        reader.awaitCompletion();

        assertThat(reader.getItems()).containsExactly(new End("", 0, Reason.LOST));
    }

    private static Tuple tuple(long sequence, String result) {
        return Tuple.tuple(sequence, result);
    }

    private static String result(StreamEvent event) {
        return ((Thought) event).thought().path("result").textValue();
    }

    private static ObjectNode thought(String result) {
        return StrictJson.object().put("result", result);
    }

    /** Records a thought; gives the log's epoch. */
    private String think(String result) {
        assertThat(log.record(MINE, thought(result)).await().indefinitely()).isTrue();
        return state.read(new Name("stream", MINE), 0, 1)
                .await()
                .indefinitely()
                .end()
                .orElseThrow()
                .epoch();
    }

    private ThoughtStream.Begun begun(Optional<After> after) {
        return begun(log, after);
    }

    private static ThoughtStream.Begun begun(ThoughtLog log, Optional<After> after) {
        return (ThoughtStream.Begun) log.open(MINE, after).await().indefinitely();
    }

    private AssertSubscriber<StreamEvent> follow(Optional<After> after, long asked) {
        return following(log, after, asked);
    }

    private static AssertSubscriber<StreamEvent> following(
            ThoughtLog log, Optional<After> after, long asked) {
        return begun(log, after)
                .following()
                .subscribe()
                .withSubscriber(AssertSubscriber.create(asked));
    }
}
