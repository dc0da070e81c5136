package services.chorus.seqthink.mcp;

import java.util.Optional;

/**
 * The messages that belong to one message sent: notifications and requests of the server, and its
 * response as the last. For one thread.
 */
public interface MessageStream extends AutoCloseable {

    MessageStream NONE = of(Optional.empty());

    /**
     * Waits for the next message.
     *
     * @return empty when there are no more, as after the response
     * @throws UpstreamException when none comes, or none that can be read, in time
     * @throws InterruptedException when the caller gives up
     */
    Optional<Message> next() throws UpstreamException, InterruptedException;

    /** Cancels the rest: notifies the server and closes the connection. */
    @Override
    void close();

    /** A stream of a message that is there already. */
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
                // nothing is on its way
            }
        };
    }
}
