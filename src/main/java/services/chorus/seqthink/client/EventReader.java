package services.chorus.seqthink.client;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Queue;
import services.chorus.seqthink.net.EventStream;

/**
 * The data of server-sent events, read as they come; a connection that breaks ends them. For one
 * round only, and not for several threads.
 */
public final class EventReader implements Iterable<byte[]>, Iterator<byte[]> {

    private final InputStream in;
    private final byte[] chunk;
    private final int most;
    private final EventStream events = new EventStream();
    private final Queue<byte[]> ready = new ArrayDeque<>();
    private int sinceLast;

    /**
     * @param chunkBytes read at once at most
     * @param mostBytes of one event; more end the stream
     */
    public EventReader(InputStream in, int chunkBytes, int mostBytes) {
        this.in = in;
        this.chunk = new byte[chunkBytes];
        this.most = mostBytes;
    }

    @Override
    public Iterator<byte[]> iterator() {
        return this;
    }

    @Override
    public boolean hasNext() {
        try {
            while (ready.isEmpty()) {
                int count = in.read(chunk);
                if (count < 0 || sinceLast > most) {
                    return false;
                }
                ready.addAll(events.accept(Arrays.copyOf(chunk, count)));
                sinceLast = ready.isEmpty() ? sinceLast + count : 0;
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public byte[] next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return ready.remove();
    }
}
