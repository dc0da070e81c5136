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
 * One reader of one log. Holds a page of it at most, and reads the next only when every thought of
 * the last was taken.
 */
final class LogFollower implements ThoughtStream.Follower {

    /** Before the first entry of a log that is not there yet. */
    static final Position NOWHERE = new Position("", 0);

    private static final int PAGE_BYTES = 256 * 1024;

    private final SharedState state;
    private final Name log;
    private final Duration lookAgain;
    private final BlockingQueue<Boolean> wakeUps = new ArrayBlockingQueue<>(1);
    private final Queue<StreamEvent> page = new ArrayDeque<>();

    // where the last event was that was taken
    private Position position;
    private boolean readToTheEnd;
    private long lastRead;
    private boolean ended;

    // guarded by this
    private Optional<Subscription> subscription = Optional.empty();
    private volatile boolean closed;

    LogFollower(SharedState state, Name log, Position start, Duration lookAgain) {
        this.state = state;
        this.log = log;
        this.position = start;
        this.lookAgain = lookAgain;
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

    /** On first use, so that an unread stream leaves no subscription behind. */
    private synchronized void subscribe() {
        if (subscription.isEmpty() && !closed) {
            subscription = Optional.of(state.follow(log, this::wakeUp));
        }
    }

    private void wakeUp() {
        wakeUps.offer(true);
    }

    /** Waits until there is a reason to read: a wake-up, or that one may have been missed. */
    private boolean isWokenUpBefore(long end) throws InterruptedException {
        long now = System.nanoTime();
        long untilLook = lastRead + lookAgain.toNanos() - now;
        long wait = Math.min(end - now, untilLook);
        return wakeUps.poll(wait, TimeUnit.NANOSECONDS) != null || wait == untilLook;
    }

    private void read() throws InterruptedException {
        wakeUps.clear(); // before the log is read, or a wake-up for what comes after is lost
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

    /** The thoughts of a page; empty when what should have come next is not there any more. */
    private Optional<List<Thought>> thoughts(Page read) {
        Position end = read.end().orElse(NOWHERE);
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
