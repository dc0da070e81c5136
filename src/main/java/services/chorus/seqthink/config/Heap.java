package services.chorus.seqthink.config;

/**
 * How much memory objects may take, for bounds that are a share of it.
 *
 * @param bytes at most, all objects together
 */
public record Heap(long bytes) {

    /** This process's, in a native image as in a JVM. */
    public static Heap ofThisProcess() {
        return new Heap(Runtime.getRuntime().maxMemory());
    }

    /** The bytes of one of so many equal parts. */
    public long part(int of) {
        return bytes / of;
    }
}
