package services.chorus.seqthink.pipeline;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.Optional;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.protocol.After;
import services.chorus.seqthink.protocol.StreamEvent;
import services.chorus.seqthink.protocol.StreamEvent.Open;
import services.chorus.seqthink.state.LogLimits;
import services.chorus.seqthink.state.LogPage;
import services.chorus.seqthink.state.LogPosition;
import services.chorus.seqthink.state.Name;
import services.chorus.seqthink.state.SharedState;
import services.chorus.seqthink.state.StateUnavailableException;

/**
 * The completed thoughts of every history, shared by all replicas, for streams to follow. Keeps the
 * last 1000 of a history, 2 MiB of them, for a day. Safe for use by several threads.
 */
public final class ThoughtLog {

    /** How long at most a follower waits before it looks by itself. */
    public static final Duration LOOK_AGAIN = Duration.ofSeconds(15);

    private static final LogLimits LIMITS =
            new LogLimits(1000, 2 * 1024 * 1024, Duration.ofHours(24));

    /** Bytes of one thought at most, so that one does not push all others out. */
    private static final int MAX_ENTRY_BYTES = 512 * 1024;

    private final SharedState state;
    private final Duration lookAgain;

    /**
     * @param lookAgain how long at most a follower waits before it looks by itself, since a wake-up
     *     may be missed
     */
    public ThoughtLog(SharedState state, Duration lookAgain) {
        this.state = state;
        this.lookAgain = lookAgain;
    }

    /**
     * Adds a thought at the end of a history.
     *
     * @param historyId names the history and nobody
     * @return whether it can be streamed from here on; false when it is larger than 512 KiB or the
     *     state does not take it. Never fails.
     */
    public Uni<Boolean> record(String historyId, ObjectNode thought) {
        byte[] entry = StrictJson.write(thought);
        if (entry.length > MAX_ENTRY_BYTES || StrictJson.parseObject(entry).isEmpty()) {
            return Uni.createFrom().item(false);
        }
        return state.append(name(historyId), entry, LIMITS)
                .map(position -> true)
                .onFailure(StateUnavailableException.class)
                .recoverWithItem(false);
    }

    /**
     * Begins a stream of a history: after what was asked for, or with the oldest thought there is.
     *
     * @param historyId names the history and nobody
     * @param after the last event that the client has
     */
    public Uni<ThoughtStream> open(String historyId, Optional<After> after) {
        Name log = name(historyId);
        return beginning(log, after)
                .<ThoughtStream>map(open -> new ThoughtStream.Begun(open, following(log, open)))
                .onFailure(StateUnavailableException.class)
                .recoverWithItem(new ThoughtStream.Unavailable());
    }

    private Uni<Open> beginning(Name log, Optional<After> after) {
        long asked = after.map(After::sequence).orElse(0L);
        return state.read(log, asked, 1)
                .chain(
                        page ->
                                after.isPresent() && isElsewhere(after.get(), page)
                                        ? state.read(log, 0, 1).map(all -> open(all, after, true))
                                        : Uni.createFrom().item(open(page, after, false)));
    }

    /** In another log than this one, or beyond its end. */
    private static boolean isElsewhere(After after, LogPage page) {
        return page.end()
                .filter(
                        end ->
                                after.sequence() > end.sequence()
                                        || !after.epoch().isEmpty()
                                                && !after.epoch().equals(end.epoch()))
                .isPresent();
    }

    private static Open open(LogPage page, Optional<After> after, boolean elsewhere) {
        LogPosition end = page.end().orElse(LogFollower.NOWHERE);
        long begins =
                page.entries().isEmpty()
                        ? end.sequence()
                        : page.entries().getFirst().sequence() - 1;
        boolean missed =
                after.filter(
                                asked ->
                                        begins != asked.sequence()
                                                || !asked.epoch().isEmpty() && page.end().isEmpty())
                        .isPresent();
        return new Open(end.epoch(), begins, after, elsewhere || missed);
    }

    private Multi<StreamEvent> following(Name log, Open open) {
        return Multi.createFrom()
                .deferred(
                        () ->
                                new LogFollower(state, log, lookAgain)
                                        .from(new LogPosition(open.epoch(), open.sequence())));
    }

    private static Name name(String historyId) {
        return new Name("stream", historyId);
    }
}
