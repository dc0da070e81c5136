package services.chorus.seqthink.http;

import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicLong;
import services.chorus.seqthink.config.Heap;

/**
 * How many bytes of request bodies are held at once, so that many large requests together cannot
 * use up the memory. Safe for use by several threads.
 */
@Singleton
final class InflightBytes {

    private final long most;
    private final AtomicLong held = new AtomicLong();

    InflightBytes(GatewayConfig config, Heap heap) {
        this.most = mostMb(config, heap) * 1024 * 1024;
    }

    /** MiB that are held at most: as configured, and only as many as the heap has room for. */
    static long mostMb(GatewayConfig config, Heap heap) {
        return Math.max(config.maxBodyMb(), Math.min(config.maxInflightMb(), shareMb(heap)));
    }

    /** What bodies may take of the heap: opened, parsed and sealed again, each takes far more. */
    static long shareMb(Heap heap) {
        return heap.part(16) >> 20;
    }

    /**
     * Reserves room for a body before it is read.
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

    /** Whether as many bytes could be held now; a hint, which reserves nothing. */
    boolean hasRoomFor(long bytes) {
        return held.get() + bytes <= most;
    }

    /** One request's part, which grows as its body arrives and is released as a whole. */
    Share share() {
        return new Share();
    }

    /** What one request holds. */
    final class Share {

        private final AtomicLong mine = new AtomicLong();

        /** Reserves more, if there is room. */
        boolean grow(int bytes) {
            boolean room = reserve(bytes);
            if (room) {
                mine.addAndGet(bytes);
            }
            return room;
        }

        /** Gives all of it back. */
        void end() {
            release(mine.getAndSet(0));
        }
    }
}
