package services.chorus.seqthink.http.connection;

import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import services.chorus.seqthink.http.connection.UnreadAnswers.Unread;

/**
 * The HTTP/2 streams of a connection: registers them with {@link Connections}, and the answers that
 * flow control holds back. Belongs to the event loop of the connection.
 */
final class Http2Streams extends Http2ConnectionAdapter {

    private final Http2Connection streams;
    private final Connection connection;
    private final Connections all;
    private final Set<Integer> open = new HashSet<>();
    private final Map<Integer, Unread> held = new HashMap<>();

    Http2Streams(Http2Connection streams, Connection connection, Connections all) {
        this.streams = streams;
        this.connection = connection;
        this.all = all;
        streams.addListener(this);
    }

    /**
     * A request begins on a stream.
     *
     * @return whether there is room for the stream
     */
    boolean begin(int id) {
        if (streams.stream(id) == null) {
            return true; // already closed
        }
        boolean room = all.beginsStream(connection);
        if (room) {
            open.add(id);
        }
        return room;
    }

    /** An answer has been written, but its last bytes may have to wait. */
    void end(int id, long bytes) {
        Http2Stream stream = streams.stream(id);
        if (bytes > 0 && stream != null && stream.state().localSideOpen()) {
            held.put(id, all.holds(connection, bytes));
        }
    }

    @Override
    public void onStreamHalfClosed(Http2Stream stream) {
        if (!stream.state().localSideOpen()) {
            release(stream);
        }
    }

    @Override
    public void onStreamClosed(Http2Stream stream) {
        release(stream);
        if (open.remove(stream.id())) {
            all.endsStream(connection);
        }
    }

    private void release(Http2Stream stream) {
        Optional.ofNullable(held.remove(stream.id())).ifPresent(all::takes);
    }
}
