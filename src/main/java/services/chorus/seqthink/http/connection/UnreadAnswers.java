package services.chorus.seqthink.http.connection;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Answers that clients have not taken yet. A client must take a certain number of bytes per second
 * on average, and each answer within the time that this rate gives it: single bytes, or bytes of
 * other answers, do not suffice. Guarded by {@link Connections}.
 */
final class UnreadAnswers {

    /** Who takes answers as fast as networks usually permit is closed last. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    /** An answer, or a part of one, that a client has not taken yet. */
    static final class Unread {
        private final Connection connection;
        private final long bytes;
        private final long since;
        private final long deadline;

        private Unread(Connection connection, long bytes, long since, long deadline) {
            this.connection = connection;
            this.bytes = bytes;
            this.since = since;
            this.deadline = deadline;
        }
    }

    private final ConnectionLimits limits;
    private final Set<Unread> all = new LinkedHashSet<>(); // begins with the oldest
    private long bytes;

    UnreadAnswers(ConnectionLimits limits) {
        this.limits = limits;
    }

    Unread add(Connection connection, long size, long now) {
        long slowest = (connection.unreadBytes + size) / ConnectionLimits.BYTES_PER_SECOND;
        Unread added =
                new Unread(
                        connection,
                        size,
                        now,
                        now + limits.unread().plusSeconds(slowest).toNanos());
        if (connection.unreadBytes == 0) {
            connection.unreadSince = now;
            connection.takenBefore = connection.taken;
        }
        all.add(added);
        connection.unread.add(added);
        connection.unreadBytes += size;
        bytes += size;
        return added;
    }

    void remove(Unread taken) {
        if (all.remove(taken)) {
            taken.connection.unread.remove(taken);
            taken.connection.unreadBytes -= taken.bytes;
            bytes -= taken.bytes;
        }
    }

    void removeAll(Connection connection) {
        all.removeAll(connection.unread);
        bytes -= connection.unreadBytes;
        connection.unread.clear();
        connection.unreadBytes = 0;
    }

    /** The connection to close because too much is unread in all. */
    Optional<Connection> excess(long now) {
        if (bytes <= limits.unreadBytes()) {
            return Optional.empty();
        }
        return bytes <= 2 * limits.unreadBytes()
                ? slowest(now)
                : first(all).map(oldest -> oldest.connection);
    }

    /** The connection that has not taken an answer for longest, unless that is recent. */
    Optional<Connection> slowest(long now) {
        return first(all)
                .filter(oldest -> now - oldest.since > PATIENCE.toNanos())
                .map(oldest -> oldest.connection);
    }

    /**
     * Whether a client takes its answers too slowly.
     *
     * @param taken bytes of all its answers so far
     */
    boolean areLate(Connection connection, long taken, long now) {
        long sooner = (taken - connection.takenBefore) / ConnectionLimits.BYTES_PER_SECOND;
        long most = limits.unread().plusSeconds(sooner).toNanos();
        return first(connection.unread)
                .filter(oldest -> now - connection.unreadSince > most || now - oldest.deadline > 0)
                .isPresent();
    }

    private static Optional<Unread> first(Set<Unread> ordered) {
        Iterator<Unread> inOrder = ordered.iterator();
        return inOrder.hasNext() ? Optional.of(inOrder.next()) : Optional.empty();
    }
}
