package services.chorus.seqthink.pipeline;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Optional;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.protocol.After;
import services.chorus.seqthink.protocol.StreamEvent.Open;
import services.chorus.seqthink.state.Name;
import services.chorus.seqthink.state.SharedState;
import services.chorus.seqthink.state.SharedState.Limits;
import services.chorus.seqthink.state.SharedState.Page;
import services.chorus.seqthink.state.SharedState.Position;
import services.chorus.seqthink.state.StateUnavailableException;

/**
 * The completed thoughts of every history, shared by all replicas, for streams to follow. Keeps the
 * last 1000 of a history, 2 MiB of them, for a day. Safe for use by several threads.
 */
public final class ThoughtLog {

    /** How long at most a follower waits before it looks by itself. */
    public static final Duration LOOK_AGAIN = Duration.ofSeconds(15);

    private static final Limits LIMITS = new Limits(1000, 2 * 1024 * 1024, Duration.ofHours(24));

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
     * Adds a thought at the end of a history. Blocks as {@link SharedState} does.
     *
     * @param historyId identifies the history without naming a caller
     * @return whether it can be streamed from here on; false when it is larger than 512 KiB or the
     *     state does not take it
     */
    public boolean record(String historyId, ObjectNode thought) {
        byte[] entry = StrictJson.write(thought);
        if (entry.length > MAX_ENTRY_BYTES || StrictJson.parseObject(entry).isEmpty()) {
            return false;
        }
        try {
            state.append(name(historyId), entry, LIMITS);
            return true;
        } catch (StateUnavailableException e) {
            return false;
        }
    }

    /**
     * Begins a stream of a history: after what was asked for, or with the oldest thought there is.
     * Blocks as {@link SharedState} does, twice at most.
     *
     * @param historyId identifies the history without naming a caller
     * @param after the last event that the client has
     * @throws StateUnavailableException while the stored thoughts are unavailable
     */
    public ThoughtStream open(String historyId, Optional<After> after) {
        Name log = name(historyId);
        Open open = beginning(log, after);
        Position start = new Position(open.epoch(), open.sequence());
        return new ThoughtStream(open, new LogFollower(state, log, start, lookAgain));
    }

    private Open beginning(Name log, Optional<After> after) {
        Page page = state.read(log, after.map(After::sequence).orElse(0L), 1);
        return after.isPresent() && isElsewhere(after.get(), page)
                ? open(state.read(log, 0, 1), after, true)
                : open(page, after, false);
    }

    /** Whether a position is in another log, or beyond the end. */
    private static boolean isElsewhere(After after, Page page) {
        return page.end()
                .filter(
                        end ->
                                after.sequence() > end.sequence()
                                        || !after.epoch().isEmpty()
                                                && !after.epoch().equals(end.epoch()))
                .isPresent();
    }

    private static Open open(Page page, Optional<After> after, boolean elsewhere) {
        Position end = page.end().orElse(LogFollower.NOWHERE);
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

    private static Name name(String historyId) {
        return new Name("stream", historyId);
    }
}
