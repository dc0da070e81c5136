package services.chorus.seqthink.pipeline;

import java.time.Duration;
import services.chorus.seqthink.config.Heap;

/**
 * Limits of request bodies.
 *
 * @param mostBytes largest body, as received
 * @param deadline longest time for a body to arrive
 * @param mostInflightBytes total of all bodies in memory
 */
public record BodyLimits(int mostBytes, Duration deadline, long mostInflightBytes) {

    private static final int MIB = 1024 * 1024;

    /**
     * The configured limits, reduced to what the heap allows.
     *
     * @param mostMb largest body in MiB
     * @param inflightMb total of all bodies in MiB
     */
    public static BodyLimits of(int mostMb, Duration deadline, int inflightMb, Heap heap) {
        return new BodyLimits(
                mostMb * MIB,
                deadline,
                // a caller may hold half, which must suffice for the largest body
                Math.max(2L * mostMb, Math.min(inflightMb, mostMb(heap))) * MIB);
    }

    /** Share of the heap for bodies, in MiB; decrypting, parsing and sealing need much more. */
    public static long mostMb(Heap heap) {
        return heap.part(16) >> 20;
    }
}
