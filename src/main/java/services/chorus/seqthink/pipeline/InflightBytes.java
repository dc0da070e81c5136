package services.chorus.seqthink.pipeline;

import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicLong;

/** Limits the total size of request bodies in memory. Safe for use by several threads. */
@Singleton
final class InflightBytes {

    private final long most;
    private final AtomicLong held = new AtomicLong();

    InflightBytes(BodyLimits limits) {
        this.most = limits.mostInflightBytes();
    }

    /** Whether that many bytes are free now; reserves nothing. */
    boolean hasRoomFor(long bytes) {
        return held.get() + bytes <= most;
    }

    /** The share of one request, which grows as its body arrives. */
    Share share() {
        return new Share();
    }

    /**
     * Reserves room.
     *
     * @return whether there was room; if so, {@link #release} it after the request
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

        /** Releases the whole share. */
        @Override
        public void close() {
            release(mine.getAndSet(0));
        }
    }
}
