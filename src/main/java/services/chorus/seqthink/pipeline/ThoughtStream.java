package services.chorus.seqthink.pipeline;

import io.smallrye.mutiny.Multi;
import services.chorus.seqthink.protocol.StreamEvent;

/** What came of asking for a stream of thoughts. */
public sealed interface ThoughtStream {

    /**
     * A stream.
     *
     * @param open its first event
     * @param following the events after it, each only as it is asked for. Fails never; its last, if
     *     it has one, is an {@link StreamEvent.End}. To be subscribed to once.
     */
    record Begun(StreamEvent.Open open, Multi<StreamEvent> following) implements ThoughtStream {}

    /** The thoughts cannot be had just now. */
    record Unavailable() implements ThoughtStream {}
}
