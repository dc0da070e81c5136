package services.chorus.seqthink.pipeline;

import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many bytes of request bodies are held at once, so that many large requests together cannot
 * use up the memory. Safe for use by several threads.
 */
@Singleton
final class InflightBytes {

    private final long most;
    private final AtomicLong held = new AtomicLong();

    InflightBytes(BodyLimits limits) {
        this.most = limits.mostInflightBytes();
    }

    /** Whether as many bytes could be held now; a hint, which reserves nothing. */
    boolean hasRoomFor(long bytes) {
        return held.get() + bytes <= most;
    }

    /** One request's part, which grows as its body arrives and is released as a whole. */
    Share share() {
        return new Share();
    }

    /**
     * Reserves room.
     *
     * @return whether there was room; if so, {@link #release} it when the request has ended
     */
    boolean reserve(long bytes) {
        long before = held.getAndUpdate(now -> now + bytes > most ? now : now + bytes);
        return before + bytes <= most;
    }

    void release(long bytes) {
        held.addAndGet(-bytes);
    }

    final class Share implements AutoCloseable {

        private final AtomicLong mine = new AtomicLong();

        boolean grow(int bytes) {
            boolean room = reserve(bytes);
            if (room) {
                mine.addAndGet(bytes);
            }
            return room;
        }

        /** Gives all of it back. */
        @Override
        public void close() {
            release(mine.getAndSet(0));
        }
    }
}
