package services.chorus.seqthink.pipeline;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/** The content of a request, which is read only after its sender was authenticated. */
public interface RequestContent {

    /** The media type without parameters; empty if there is none. */
    Optional<String> mediaType();

    /** Whether it has a content encoding, such as gzip. */
    boolean isEncoded();

    /**
     * The announced length in bytes; empty if it is chunked.
     *
     * @throws Refused if the header is malformed
     */
    OptionalLong announcedLength() throws Refused;

    /**
     * Reads the content; may be called once.
     *
     * @param mostBytes largest content
     * @param deadline longest time for all of it to arrive
     * @param room memory for the content, which is reserved as it arrives
     * @throws Refused if it is too large, too slow or broken, or there is no room
     * @throws InterruptedException when the caller disconnects
     */
    byte[] read(int mostBytes, Duration deadline, Room room) throws Refused, InterruptedException;

    /** Memory for a content. Safe for use by several threads. */
    interface Room {

        /** Whether that many more bytes are free now; reserves nothing. */
        boolean has(long more);

        /** Reserves that many more bytes; false if they are not free. */
        boolean reserve(int more);

        /** The answer to a request for which there was no memory. */
        Problem refusal();
    }
}
