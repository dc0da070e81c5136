package services.chorus.seqthink.config;

/**
 * The size of the heap, for limits that are a share of it.
 *
 * @param bytes its maximum
 */
public record Heap(long bytes) {

    /** The heap of this process, in a native image as in a JVM. */
    public static Heap ofThisProcess() {
        return new Heap(Runtime.getRuntime().maxMemory());
    }

    /** The bytes of one of {@code of} equal parts. */
    public long part(int of) {
        return bytes / of;
    }
}
