package services.chorus.seqthink.audit;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Where lines go. For one thread at a time. */
interface Sink extends AutoCloseable {

    /** Names it to the operator. */
    String name();

    /**
     * Writes lines behind all that were written before. What is left in the buffer after a failure
     * has not been written, and the next write goes on with it.
     *
     * @param first the number of the first of them
     */
    void write(ByteBuffer lines, long first) throws IOException;

    /** Returns when what was written is on the disk, where there is one. */
    default void force() throws IOException {}

    @Override
    default void close() throws IOException {}
}
