package services.chorus.seqthink.pipeline;

import java.time.Duration;
import java.util.Optional;
import services.chorus.seqthink.protocol.StreamEvent;

/**
 * A stream of the thoughts of one history.
 *
 * @param open its first event
 * @param follower returns the later events
 */
public record ThoughtStream(StreamEvent.Open open, Follower follower) {

    /** A reader of one stream. For one thread, except {@link #close}. */
    public interface Follower extends AutoCloseable {

        /**
         * Waits for the next event, and up to two seconds longer if the state does not answer.
         *
         * @return the next thought, or the final {@link StreamEvent.End}; empty if there was none
         *     in time, after that end, and once closed
         */
        Optional<StreamEvent> next(Duration atMost) throws InterruptedException;

        /** Stops following and ends a wait in {@link #next}. */
        @Override
        void close();
    }
}
