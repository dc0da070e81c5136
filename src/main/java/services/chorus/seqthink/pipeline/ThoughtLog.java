package services.chorus.seqthink.pipeline;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Optional;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.protocol.After;
import services.chorus.seqthink.protocol.StreamEvent.Open;
import services.chorus.seqthink.state.History;
import services.chorus.seqthink.state.Name;
import services.chorus.seqthink.state.SharedState;
import services.chorus.seqthink.state.SharedState.Limits;
import services.chorus.seqthink.state.SharedState.Page;
import services.chorus.seqthink.state.SharedState.Position;
import services.chorus.seqthink.state.StateUnavailableException;

/**
 * The completed thoughts of every history, shared by all replicas, for streams to follow. Keeps the
 * last 1000 thoughts of a history, at most 2 MiB, for a day. Safe for use by several threads.
 */
public final class ThoughtLog {

    /** How often a follower reads without a wake-up. */
    public static final Duration POLL_INTERVAL = Duration.ofSeconds(15);

    private static final Limits LIMITS = new Limits(1000, 2 * 1024 * 1024, Duration.ofHours(24));

    /** Largest size of one thought in bytes, so that one does not displace all others. */
    private static final int MAX_ENTRY_BYTES = 512 * 1024;

    private final SharedState state;
    private final Duration pollInterval;

    /**
     * @param pollInterval how often a follower reads without a wake-up, since one can be missed
     */
    public ThoughtLog(SharedState state, Duration pollInterval) {
        this.state = state;
        this.pollInterval = pollInterval;
    }

    /**
     * Adds a thought at the end of a history. Blocks as {@link SharedState} does.
     *
     * @return whether it was added; false if it is larger than 512 KiB or the state is unavailable
     */
    public boolean record(History history, ObjectNode thought) {
        Optional<byte[]> entry =
                StrictJson.write(thought, MAX_ENTRY_BYTES)
                        .filter(written -> StrictJson.parseObject(written).isPresent());
        if (entry.isEmpty()) {
            return false;
        }
        try {
            state.append(name(history), entry.get(), LIMITS);
            return true;
        } catch (StateUnavailableException e) {
            return false;
        }
    }

    /**
     * Begins a stream of a history after a position, or with the oldest stored thought. Blocks as
     * {@link SharedState} does, at most twice.
     *
     * @param after the last event that the client received
     * @throws StateUnavailableException while the stored thoughts are unavailable
     */
    public ThoughtStream open(History history, Optional<After> after) {
        Name log = name(history);
        Open open = beginning(log, after);
        Position start = new Position(open.epoch(), open.sequence());
        return new ThoughtStream(open, new LogFollower(state, log, start, pollInterval));
    }

    private Open beginning(Name log, Optional<After> after) {
        Page page = state.read(log, after.map(After::sequence).orElse(0L), 1);
        return after.isPresent() && isInvalid(after.get(), page)
                ? open(state.read(log, 0, 1), after, true)
                : open(page, after, false);
    }

    /** Whether a position is of another epoch or beyond the end. */
    private static boolean isInvalid(After after, Page page) {
        return page.end()
                .filter(
                        end ->
                                after.sequence() > end.sequence()
                                        || !after.epoch().isEmpty()
                                                && !after.epoch().equals(end.epoch()))
                .isPresent();
    }

    private static Open open(Page page, Optional<After> after, boolean invalid) {
        Position end = page.end().orElse(LogFollower.START);
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
        return new Open(end.epoch(), begins, after, invalid || missed);
    }

    private static Name name(History history) {
        return history.name("stream");
    }
}
