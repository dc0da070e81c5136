package services.chorus.seqthink.http.connection;

import io.quarkus.logging.Log;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import services.chorus.seqthink.config.Heap;
import services.chorus.seqthink.http.connection.Connection.Outcome;
import services.chorus.seqthink.policy.limits.Network;
import services.chorus.seqthink.policy.limits.PeerNetworks;
import services.chorus.seqthink.telemetry.Count;
import services.chorus.seqthink.telemetry.Meters;

/**
 * All open connections of clients. When there are too many, the one that has been without a request
 * for the longest time is closed, not the new one: so an attacker who holds connections open keeps
 * no other client and no probe out. An HTTP/2 stream counts like a connection, and is refused when
 * there is no room for it. When clients leave too much unread, the connection whose answer has
 * waited longest is closed. Safe for use by several threads.
 */
public final class Connections {

    private static final Duration BETWEEN_LOGS = Duration.ofMinutes(1);

    /** A connection that takes its answers as fast as its network permits is never closed. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    /** Why a connection is closed. */
    enum Closing {
        TOO_MANY("more were opened than are allowed"),
        SLOW_HEAD("the head of a request was not complete in time"),
        IDLE("no request was sent in time"),
        UNREAD("answers were not read in time, or too much was unread"),
        TOO_MANY_STREAMS("more HTTP/2 streams were open than are allowed");

        final String words;

        Closing(String words) {
            this.words = words;
        }
    }

    /** The connections of one network. */
    private static final class Share {
        private final LinkedHashSet<Connection> waiting = new LinkedHashSet<>();
        private int size; // connections and their streams
        private int requests;
    }

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
    private final PeerNetworks networks;
    private final LongSupplier nanoTime;
    private final Meters meters;

    private final Map<Network, Share> shares = new HashMap<>();
    // both begin with what waits longest
    private final LinkedHashSet<Connection> waiting = new LinkedHashSet<>();
    private final LinkedHashSet<Unread> unread = new LinkedHashSet<>();
    private int open;
    private int size; // connections and their streams
    private int requests;
    private long unreadBytes;
    private long lastLog;
    private int unlogged;

    /**
     * @param trustedProxies addresses and networks whose connections are limited in all only
     * @throws IllegalArgumentException when one of them is not a network
     */
    public Connections(List<String> trustedProxies, Heap heap, Meters meters) {
        this(
                ConnectionLimits.within(heap, ConnectionLimits.openFiles()),
                new PeerNetworks(trustedProxies),
                meters,
                System::nanoTime);
    }

    Connections(
            ConnectionLimits limits, PeerNetworks networks, Meters meters, LongSupplier nanoTime) {
        this.limits = limits;
        this.networks = networks;
        this.meters = meters;
        this.nanoTime = nanoTime;
        this.lastLog = nanoTime.getAsLong() - BETWEEN_LOGS.toNanos();
    }

    /** How many are open. */
    public synchronized int open() {
        return open;
    }

    long now() {
        return nanoTime.getAsLong();
    }

    ConnectionLimits limits() {
        return limits;
    }

    /** Registers a new connection; closes another one, or this one, when there are too many. */
    synchronized void opened(Connection connection, InetAddress peer) {
        connection.network = networks.of(peer);
        connection.network.ifPresent(network -> shares.computeIfAbsent(network, _ -> new Share()));
        open++;
        grow(connection, 1);
        if (!fits(connection)) {
            close(connection, Closing.TOO_MANY);
        }
        waits(connection);
    }

    /**
     * Registers a new HTTP/2 stream.
     *
     * @return whether there is room for it
     */
    synchronized boolean beginsStream(Connection connection) {
        if (connection.closed) {
            return false;
        }
        works(connection); // makes no room for itself
        grow(connection, 1);
        boolean room = fits(connection);
        if (!room) {
            grow(connection, -1);
        }
        waits(connection);
        return room;
    }

    synchronized void endsStream(Connection connection) {
        if (!connection.closed) {
            grow(connection, -1);
        }
    }

    synchronized void closed(Connection connection) {
        forget(connection);
    }

    /** A request begins, unless too many are in progress and it is no probe. */
    synchronized Outcome begins(Connection connection, boolean probe) {
        if (connection.closed) {
            return Outcome.CLOSED;
        }
        int ofNetwork = share(connection).map(share -> share.requests).orElse(0);
        if (!probe
                && (requests >= limits.requests()
                        || ofNetwork >= limits.requestsOfOneNetwork())) {
            return Outcome.BUSY;
        }
        works(connection);
        count(connection, 1);
        return Outcome.BEGUN;
    }

    /** A request that began has ended. */
    synchronized void ends(Connection connection) {
        if (!connection.closed) {
            count(connection, -1);
            waits(connection);
        }
    }

    /** Bytes of an answer are ready and not yet taken by the client. */
    synchronized Unread holds(Connection connection, long bytes) {
        long now = now();
        Duration most =
                limits.unread()
                        .plusSeconds(
                                (connection.unreadBytes + bytes)
                                        / ConnectionLimits.BYTES_PER_SECOND);
        Unread held = new Unread(connection, bytes, now, now + most.toNanos());
        if (!connection.closed) {
            unread.add(held);
            connection.unread.add(held);
            connection.unreadBytes += bytes;
            unreadBytes += bytes;
        }
        while (unreadBytes > limits.unreadBytes() && closeSlowest()) {
            // until the total is back within its limit
        }
        return held;
    }

    /** A client has taken bytes of an answer. */
    synchronized void takes(Unread taken) {
        if (unread.remove(taken)) {
            taken.connection.unread.remove(taken);
            taken.connection.unreadBytes -= taken.bytes;
            unreadBytes -= taken.bytes;
        }
    }

    /**
     * Whether a client takes its answers too slowly. Judged by its oldest answer: bytes of other
     * answers, or single bytes of this one, do not count.
     */
    synchronized boolean isSlow(Connection connection) {
        return first(connection.unread).filter(held -> now() - held.deadline > 0).isPresent();
    }

    synchronized void close(Connection connection, Closing why) {
        if (connection.closed) {
            return;
        }
        forget(connection);
        if (why == Closing.IDLE) {
            connection.finish();
        } else {
            connection.abort();
            meters.count(Count.CONNECTIONS_CUT);
            log(why);
        }
    }

    /** Lists a connection for closing, unless it has a request in progress. */
    private void waits(Connection connection) {
        if (connection.inProgress == 0 && !connection.closed) {
            waiting.add(connection);
            share(connection).ifPresent(share -> share.waiting.add(connection));
        }
    }

    private void works(Connection connection) {
        waiting.remove(connection);
        share(connection).ifPresent(share -> share.waiting.remove(connection));
    }

    private void count(Connection connection, int more) {
        connection.inProgress += more;
        requests += more;
        share(connection).ifPresent(share -> share.requests += more);
    }

    private boolean closeSlowest() {
        boolean patient = unreadBytes <= 2 * limits.unreadBytes();
        Optional<Unread> slowest =
                first(unread).filter(held -> !patient || now() - held.since > PATIENCE.toNanos());
        slowest.ifPresent(held -> close(held.connection, Closing.UNREAD));
        return slowest.isPresent();
    }

    /** Whether a connection is within the limits; closes others that wait so that it is. */
    private boolean fits(Connection connection) {
        boolean inNetwork =
                share(connection)
                        .filter(share -> share.size > limits.ofOneNetwork())
                        .map(share -> closeFirst(share.waiting))
                        .orElse(true);
        return inNetwork && (size <= limits.all() || closeFirst(waiting));
    }

    private boolean closeFirst(LinkedHashSet<Connection> connections) {
        Optional<Connection> first = first(connections);
        first.ifPresent(connection -> close(connection, Closing.TOO_MANY));
        return first.isPresent();
    }

    private void grow(Connection connection, int by) {
        connection.size += by;
        size += by;
        share(connection).ifPresent(share -> share.size += by);
    }

    private void forget(Connection connection) {
        if (connection.closed) {
            return;
        }
        works(connection);
        count(connection, -connection.inProgress);
        unread.removeAll(connection.unread);
        connection.unread.clear();
        unreadBytes -= connection.unreadBytes;
        open--;
        grow(connection, -connection.size);
        share(connection)
                .filter(share -> share.size == 0)
                .ifPresent(_ -> shares.remove(connection.network.orElseThrow()));
        connection.closed = true;
    }

    private Optional<Share> share(Connection connection) {
        return connection.network.map(shares::get);
    }

    private static <T> Optional<T> first(Set<T> ordered) {
        Iterator<T> inOrder = ordered.iterator();
        return inOrder.hasNext() ? Optional.of(inOrder.next()) : Optional.empty();
    }

    /** An attack must not flood the log. */
    private void log(Closing why) {
        unlogged++;
        if (now() - lastLog >= BETWEEN_LOGS.toNanos()) {
            Log.warnf(
                    "Connections closed since the last such line: %d, the last one because %s;"
                            + " open: %d",
                    unlogged, why.words, open);
            lastLog = now();
            unlogged = 0;
        }
    }
}
