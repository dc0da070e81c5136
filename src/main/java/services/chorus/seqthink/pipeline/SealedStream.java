package services.chorus.seqthink.pipeline;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;
import services.chorus.seqthink.protocol.StreamEvent;
import services.chorus.seqthink.protocol.StreamEvent.End;
import services.chorus.seqthink.protocol.StreamEvent.Reason;

/**
 * A stream of a caller's own thoughts, sealed event by event. It ends when its token expires or is
 * revoked, when the service shuts down, or when the next thoughts are unavailable. For one thread,
 * except {@link #close}.
 */
public final class SealedStream implements AutoCloseable {

    /**
     * An event, sealed for its reader.
     *
     * @param name outside the seal
     * @param sequence of this thought, or of the last one before another event
     * @param sealed a binary age file
     * @param end why the stream ends with this event, if it does
     */
    public record SealedEvent(String name, long sequence, byte[] sealed, Optional<Reason> end) {

        /** Hides the sealed bytes. */
        @Override
        public String toString() {
            return "SealedEvent[" + name + " " + sequence + "]";
        }
    }

    private final ThoughtStream thoughts;
    private final Function<StreamEvent, byte[]> seal;
    private final LiveStreams.Place place;
    private final Optional<Instant> expiry;
    private final InstantSource clock;
    private StreamEvent last;
    private volatile boolean closed;

    /**
     * A stream that has not begun.
     *
     * @param seal seals an event for its reader
     * @param place freed when this stream is closed
     * @param expiry of the token
     */
    public SealedStream(
            ThoughtStream thoughts,
            Function<StreamEvent, byte[]> seal,
            LiveStreams.Place place,
            Optional<Instant> expiry,
            InstantSource clock) {
        this.thoughts = thoughts;
        this.seal = seal;
        this.place = place;
        this.expiry = expiry;
        this.clock = clock;
        this.last = thoughts.open();
    }

    /** The first event; the stream counts as open from now on. */
    public SealedEvent open() {
        place.begin(thoughts.follower()::close); // closing ends a wait in next
        return sealed(thoughts.open());
    }

    /**
     * Waits for the next event.
     *
     * @return empty if there is none in time
     * @throws InterruptedException when the reader disconnects or the stream is closed
     */
    public Optional<SealedEvent> next(Duration atMost) throws InterruptedException {
        Duration wait =
                expiry.map(end -> Duration.between(clock.instant(), end))
                        .filter(left -> left.compareTo(atMost) < 0)
                        .orElse(atMost);
        Optional<Reason> due = ending();
        if (due.isPresent()) {
            return Optional.of(end(due.get()));
        }
        Optional<StreamEvent> next = thoughts.follower().next(wait);
        if (next.isPresent()) {
            return next.map(this::sealed);
        }
        due = ending();
        if (due.isEmpty() && closed) {
            throw new InterruptedException(); // a closed follower does not wait, so a loop must end
        }
        return due.map(this::end);
    }

    /** The event that ends the stream because its reader is too slow. */
    public SealedEvent cutOff() {
        place.countSlow();
        return end(Reason.TOO_SLOW);
    }

    private SealedEvent end(Reason reason) {
        return sealed(new End(last.epoch(), last.sequence(), reason));
    }

    /** Stops following the thoughts and frees the place. */
    @Override
    public void close() {
        closed = true;
        thoughts.follower().close();
        place.close();
    }

    private Optional<Reason> ending() {
        return place.ending()
                .or(
                        () ->
                                expiry.filter(end -> !clock.instant().isBefore(end))
                                        .map(end -> Reason.TOKEN_EXPIRED));
    }

    private SealedEvent sealed(StreamEvent event) {
        last = event;
        return new SealedEvent(
                event.name(),
                event.sequence(),
                seal.apply(event),
                event instanceof End end ? Optional.of(end.reason()) : Optional.empty());
    }
}
