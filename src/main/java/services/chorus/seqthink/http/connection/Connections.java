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
 * no other client and no probe out. When clients leave too much unread, the connection that has
 * taken no answer for the longest time is closed. Safe for use by several threads.
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
        UNREAD("answers were not read in time, or too many were unread"),
        TOO_MANY_STREAMS("more HTTP/2 streams were open than are allowed");

        final String words;

        Closing(String words) {
            this.words = words;
        }
    }

    /** The connections of one network. */
    private static final class Share {
        private final LinkedHashSet<Connection> waiting = new LinkedHashSet<>();
        private int open;
        private int requests;
    }

    private final ConnectionLimits limits;
    private final PeerNetworks networks;
    private final LongSupplier nanoTime;
    private final Meters meters;

    private final Map<Network, Share> shares = new HashMap<>();
    // both begin with the connection that waits longest
    private final LinkedHashSet<Connection> waiting = new LinkedHashSet<>();
    private final LinkedHashSet<Connection> unread = new LinkedHashSet<>();
    private int open;
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
        open++;
        if (connection.network.isPresent()) {
            Share share = shares.computeIfAbsent(connection.network.get(), _ -> new Share());
            share.open++;
            if (share.open > limits.ofOneNetwork()) {
                close(first(share.waiting).orElse(connection), Closing.TOO_MANY);
            }
        }
        if (open > limits.all()) {
            close(first(waiting).orElse(connection), Closing.TOO_MANY);
        }
        if (!connection.closed) {
            waits(connection);
        }
    }

    synchronized void closed(Connection connection) {
        forget(connection);
    }

    /** A request begins, unless too many are in progress. */
    synchronized Outcome begins(Connection connection) {
        if (connection.closed) {
            return Outcome.CLOSED;
        }
        int ofNetwork = share(connection).map(share -> share.requests).orElse(0);
        if (requests >= limits.requests() || ofNetwork >= limits.requestsOfOneNetwork()) {
            return Outcome.BUSY;
        }
        if (connection.inProgress == 0) {
            waiting.remove(connection);
            share(connection).ifPresent(share -> share.waiting.remove(connection));
        }
        count(connection, 1);
        return Outcome.BEGUN;
    }

    /** A request that began has ended. */
    synchronized void ends(Connection connection) {
        if (!connection.closed) {
            count(connection, -1);
            if (connection.inProgress == 0) {
                waits(connection);
            }
        }
    }

    /** Bytes of an answer are ready and not yet taken by the client. */
    synchronized void holds(Connection connection, long bytes) {
        if (connection.closed) {
            return;
        }
        if (connection.unread == 0) {
            connection.unreadSince = now();
            connection.unreadSize = 0;
            unread.add(connection);
        }
        connection.unread += bytes;
        connection.unreadSize += bytes;
        unreadBytes += bytes;
        while (unreadBytes > limits.unreadBytes() && closeSlowest()) {
            // until the total is back within its limit
        }
    }

    /** A client has taken bytes of an answer. */
    synchronized void takes(Connection connection, long bytes) {
        if (connection.closed) {
            return;
        }
        connection.unread -= bytes;
        unreadBytes -= bytes;
        unread.remove(connection);
        connection.unreadSince = now();
        connection.unreadSize = connection.unread;
        if (connection.unread > 0) {
            unread.add(connection);
        }
    }

    /** Whether a client takes its answers too slowly. */
    synchronized boolean isSlow(Connection connection) {
        Duration most =
                limits.unread()
                        .plusSeconds(connection.unreadSize / ConnectionLimits.BYTES_PER_SECOND);
        return connection.unread > 0 && now() - connection.unreadSince > most.toNanos();
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

    private void waits(Connection connection) {
        waiting.add(connection);
        share(connection).ifPresent(share -> share.waiting.add(connection));
    }

    private void count(Connection connection, int more) {
        connection.inProgress += more;
        requests += more;
        share(connection).ifPresent(share -> share.requests += more);
    }

    private boolean closeSlowest() {
        Optional<Connection> slowest =
                first(unread).filter(held -> now() - held.unreadSince > PATIENCE.toNanos());
        slowest.ifPresent(connection -> close(connection, Closing.UNREAD));
        return slowest.isPresent();
    }

    private void forget(Connection connection) {
        if (connection.closed) {
            return;
        }
        count(connection, -connection.inProgress);
        waiting.remove(connection);
        unread.remove(connection);
        unreadBytes -= connection.unread;
        open--;
        share(connection)
                .ifPresent(
                        share -> {
                            share.waiting.remove(connection);
                            share.open--;
                            if (share.open == 0) {
                                shares.remove(connection.network.orElseThrow());
                            }
                        });
        connection.closed = true;
    }

    private Optional<Share> share(Connection connection) {
        return connection.network.map(shares::get);
    }

    private static Optional<Connection> first(LinkedHashSet<Connection> connections) {
        Iterator<Connection> inOrder = connections.iterator();
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
