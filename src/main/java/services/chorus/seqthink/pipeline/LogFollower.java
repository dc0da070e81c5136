package services.chorus.seqthink.pipeline;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.protocol.StreamEvent;
import services.chorus.seqthink.protocol.StreamEvent.End;
import services.chorus.seqthink.protocol.StreamEvent.Reason;
import services.chorus.seqthink.protocol.StreamEvent.Thought;
import services.chorus.seqthink.state.Name;
import services.chorus.seqthink.state.SharedState;
import services.chorus.seqthink.state.SharedState.Entry;
import services.chorus.seqthink.state.SharedState.Page;
import services.chorus.seqthink.state.SharedState.Position;
import services.chorus.seqthink.state.SharedState.Subscription;
import services.chorus.seqthink.state.StateUnavailableException;

/**
 * One reader of one log. Holds at most one page, and reads the next one only when that is used up.
 */
final class LogFollower implements ThoughtStream.Follower {

    /** The position before the first entry of a log that does not exist yet. */
    static final Position START = new Position("", 0);

    private static final int PAGE_BYTES = 256 * 1024;

    private final SharedState state;
    private final Name log;
    private final Duration pollInterval;
    private final BlockingQueue<Boolean> wakeUps = new ArrayBlockingQueue<>(1);
    private final Queue<StreamEvent> page = new ArrayDeque<>();

    // of the last event that was returned
    private Position position;
    private boolean readToTheEnd;
    private long lastRead;
    private boolean ended;

    // guarded by this
    private Optional<Subscription> subscription = Optional.empty();
    private volatile boolean closed;

    LogFollower(SharedState state, Name log, Position start, Duration pollInterval) {
        this.state = state;
        this.log = log;
        this.position = start;
        this.pollInterval = pollInterval;
    }

    @Override
    public Optional<StreamEvent> next(Duration atMost) throws InterruptedException {
        long end = System.nanoTime() + atMost.toNanos();
        subscribe();
        while (page.isEmpty()) {
            if (ended || closed || readToTheEnd && !isWokenUpBefore(end)) {
                return Optional.empty();
            }
            read();
        }
        StreamEvent event = page.remove();
        position = new Position(event.epoch(), event.sequence());
        return Optional.of(event);
    }

    @Override
    public synchronized void close() {
        closed = true;
        subscription.ifPresent(Subscription::close);
        wakeUp();
    }

    /** Subscribes on first use, so that an unread stream leaves no subscription. */
    private synchronized void subscribe() {
        if (subscription.isEmpty() && !closed) {
            subscription = Optional.of(state.follow(log, this::wakeUp));
        }
    }

    private void wakeUp() {
        wakeUps.offer(true);
    }

    /** Waits for a wake-up, or for the next poll, since a wake-up can be missed. */
    private boolean isWokenUpBefore(long end) throws InterruptedException {
        long now = System.nanoTime();
        long untilPoll = lastRead + pollInterval.toNanos() - now;
        long wait = Math.min(end - now, untilPoll);
        return wakeUps.poll(wait, TimeUnit.NANOSECONDS) != null || wait == untilPoll;
    }

    private void read() throws InterruptedException {
        wakeUps.clear(); // before reading, or a wake-up for a later entry is lost
        lastRead = System.nanoTime();
        try {
            thoughts(state.read(log, position.sequence(), PAGE_BYTES))
                    .ifPresentOrElse(this::take, () -> end(Reason.LOST));
        } catch (StateUnavailableException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            end(Reason.STATE_UNAVAILABLE);
        }
    }

    private void take(List<Thought> thoughts) {
        readToTheEnd = thoughts.isEmpty();
        page.addAll(thoughts);
    }

    /** The thoughts of a page; empty if the next thought was dropped. */
    private Optional<List<Thought>> thoughts(Page read) {
        Position end = read.end().orElse(START);
        boolean anyEpoch = position.epoch().isEmpty();
        if (!anyEpoch && !position.epoch().equals(end.epoch())) {
            return Optional.empty();
        }
        long last = position.sequence();
        List<Thought> thoughts = new ArrayList<>(read.entries().size());
        for (Entry entry : read.entries()) {
            Optional<ObjectNode> thought = StrictJson.parseObject(entry.bytes());
            if (entry.sequence() != ++last || thought.isEmpty()) {
                return Optional.empty();
            }
            thoughts.add(new Thought(end.epoch(), last, thought.get()));
        }
        boolean gap = thoughts.isEmpty() && end.sequence() != last;
        return gap ? Optional.empty() : Optional.of(thoughts);
    }

    private void end(Reason reason) {
        ended = true;
        page.add(new End(position.epoch(), position.sequence(), reason));
    }
}
