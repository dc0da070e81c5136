package services.chorus.seqthink.http.connection;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import services.chorus.seqthink.config.Heap;

/**
 * Limits of connections.
 *
 * @param all open connections and HTTP/2 streams
 * @param ofOneNetwork those of one network that is no trusted proxy
 * @param requests requests in progress; probes, and networks with few, may have some more
 * @param requestsOfOneNetwork those of one network that is no trusted proxy
 * @param head longest time from the first byte of a request head, or from the acceptance of the
 *     connection, to the end of the head; includes the TLS handshake
 * @param idle longest time without a request
 * @param unread longest time for a client to take an answer of any size
 * @param unreadBytes total of the answers that clients have not taken yet; at most twice as many
 *     while all of them are of this second
 */
record ConnectionLimits(
        int all,
        int ofOneNetwork,
        int requests,
        int requestsOfOneNetwork,
        Duration head,
        Duration idle,
        Duration unread,
        long unreadBytes) {

    /** Clients on slow links get a second more for each of these bytes. */
    static final int BYTES_PER_SECOND = 8 * 1024;

    private static final int MOST = 8192;

    /**
     * Measured: a TLS connection takes some 15 to 40 KiB of heap, one without TLS 6 KiB, a request
     * on a stream 12 KiB. Half of the heap is for other things.
     */
    private static final int HEAP_PER_CONNECTION = 64 * 1024;

    /** Its head, its routing and what the framework keeps of it; bodies are limited elsewhere. */
    private static final int HEAP_PER_REQUEST = 128 * 1024;

    /** Descriptors for files and for connections that this service opens itself. */
    private static final int OTHER_FILES = 256;

    /** How many descriptors this process may have. */
    static long openFiles() {
        return ManagementFactory.getPlatformMXBean(UnixOperatingSystemMXBean.class)
                .getMaxFileDescriptorCount();
    }

    /**
     * @param openFiles how many descriptors this process may have
     */
    static ConnectionLimits within(Heap heap, long openFiles) {
        long all =
                Math.min(
                        Math.min(MOST, heap.bytes() / HEAP_PER_CONNECTION),
                        openFiles - OTHER_FILES);
        int most = (int) Math.max(64, all);
        int requests = Math.clamp(heap.bytes() / HEAP_PER_REQUEST, 64, MOST);
        return new ConnectionLimits(
                most,
                most / 4,
                requests,
                requests / 4,
                Duration.ofSeconds(10),
                Duration.ofSeconds(60),
                // longer than a stream waits for its reader, so that the stream ends it in order
                Duration.ofSeconds(40),
                heap.part(8));
    }
}
