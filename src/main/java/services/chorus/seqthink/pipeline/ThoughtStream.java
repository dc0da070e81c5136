package services.chorus.seqthink.pipeline;

import java.time.Duration;
import java.util.Optional;
import services.chorus.seqthink.protocol.StreamEvent;

/** What came of asking for a stream of thoughts. */
public sealed interface ThoughtStream {

    /**
     * A stream.
     *
     * @param open its first event
     * @param follower what the events after it come from
     */
    record Begun(StreamEvent.Open open, Follower follower) implements ThoughtStream {}

    /** The thoughts cannot be had just now. */
    record Unavailable() implements ThoughtStream {}

    /**
     * A reader of one stream, to be closed by whoever called {@link #next}. Used by one thread at a
     * time; {@link #close} may be called on any.
     */
    interface Follower extends AutoCloseable {

        /**
         * Waits for the next event. Blocks two seconds longer at most where the state does not
         * answer.
         *
         * @return the next thought, or the {@link StreamEvent.End} after which there is nothing
         *     more; empty when there was none in time, after that end, and when it is closed
         * @throws InterruptedException when the thread is interrupted meanwhile
         */
        Optional<StreamEvent> next(Duration atMost) throws InterruptedException;

        /** Stops following, and ends a wait in {@link #next}. */
        @Override
        void close();
    }
}
