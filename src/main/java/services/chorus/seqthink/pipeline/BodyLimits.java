package services.chorus.seqthink.pipeline;

import java.time.Duration;
import services.chorus.seqthink.config.Heap;

/**
 * Limits of request bodies.
 *
 * @param mostBytes the length of one at most, as received
 * @param deadline how long one may take to arrive
 * @param mostInflightBytes how many are held at once, of all requests together
 */
public record BodyLimits(int mostBytes, Duration deadline, long mostInflightBytes) {

    private static final int MIB = 1024 * 1024;

    /**
     * The limits that are configured, as far as the heap has room for them.
     *
     * @param mostMb MiB of one body
     * @param inflightMb MiB of all bodies
     */
    public static BodyLimits of(int mostMb, Duration deadline, int inflightMb, Heap heap) {
        return new BodyLimits(
                mostMb * MIB, deadline, Math.max(mostMb, Math.min(inflightMb, mostMb(heap))) * MIB);
    }

    /** Share of the heap for bodies, in MiB; decrypting, parsing and sealing need much more. */
    public static long mostMb(Heap heap) {
        return heap.part(16) >> 20;
    }
}
