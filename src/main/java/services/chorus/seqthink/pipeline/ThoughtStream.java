package services.chorus.seqthink.pipeline;

import java.time.Duration;
import java.util.Optional;
import services.chorus.seqthink.protocol.StreamEvent;

/**
 * A stream of the thoughts of one history.
 *
 * @param open its first event
 * @param follower what the events after it come from
 */
public record ThoughtStream(StreamEvent.Open open, Follower follower) {

    /**
     * A reader of one stream, to be closed by the user of {@link #next}. Used by one thread at a
     * time; {@link #close} may be called on any.
     */
    public interface Follower extends AutoCloseable {

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
