package services.chorus.seqthink.pipeline;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.IntPredicate;

/** The content of a request, which is read only when its sender is known. */
public interface RequestContent {

    /** Its media type, without parameters; empty where it names none. */
    Optional<String> mediaType();

    /** Whether it is encoded, as by compression. */
    boolean isEncoded();

    /**
     * Its length in bytes as announced; empty where it comes in chunks.
     *
     * @throws Refused when the announcement is no length
     */
    OptionalLong announcedLength() throws Refused;

    /**
     * Reads it, once.
     *
     * @param mostBytes the longest that is taken
     * @param deadline how long all of it may take to arrive
     * @param room asked before as many bytes are kept; false refuses the content
     * @throws Refused when it is too long, too slow or broken, or there is no room
     * @throws InterruptedException when its sender goes away
     */
    byte[] read(int mostBytes, Duration deadline, IntPredicate room)
            throws Refused, InterruptedException;
}
