package services.chorus.seqthink.mcp;

import java.util.Optional;

/**
 * The messages that belong to one sent message: notifications and requests of the server, and last
 * its response. For one thread.
 */
public interface MessageStream extends AutoCloseable {

    MessageStream NONE = of(Optional.empty());

    /**
     * Waits for the next message.
     *
     * @return empty after the last message
     * @throws UpstreamException if no valid message arrives in time
     * @throws InterruptedException when the thread is interrupted
     */
    Optional<Message> next() throws UpstreamException, InterruptedException;

    /** Cancels the rest: notifies the server and closes the connection. */
    @Override
    void close();

    /** A stream of at most one message, which has already arrived. */
    static MessageStream of(Optional<Message> message) {
        return new MessageStream() {

            private Optional<Message> left = message;

            @Override
            public Optional<Message> next() {
                Optional<Message> next = left;
                left = Optional.empty();
                return next;
            }

            @Override
            public void close() {
                // nothing to cancel
            }
        };
    }
}
