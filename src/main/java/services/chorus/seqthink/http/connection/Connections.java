package services.chorus.seqthink.http.connection;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import services.chorus.seqthink.config.Heap;
import services.chorus.seqthink.http.connection.Closing.Lines;
import services.chorus.seqthink.http.connection.Connection.Outcome;
import services.chorus.seqthink.http.connection.UnreadAnswers.Unread;
import services.chorus.seqthink.policy.limits.Network;
import services.chorus.seqthink.policy.limits.PeerNetworks;
import services.chorus.seqthink.telemetry.Count;
import services.chorus.seqthink.telemetry.Meters;

/**
 * All open connections of clients. When there are too many, one that has long been without a
 * request is closed, of the network that has the most, and not the new one: so an attacker who
 * holds connections open keeps no other client and no probe out. An HTTP/2 stream counts like a
 * connection, and is refused when there is no room for it. When clients leave too much unread, the
 * connection whose answer has waited longest is closed. Safe for use by several threads.
 */
public final class Connections {

    /** The connections of one network. */
    private static final class Share {
        private final LinkedHashSet<Connection> waiting = new LinkedHashSet<>();
        private int size; // connections and their streams
        private int requests;
    }

    /** Enough to find one of an attacker who has most of all connections. */
    private static final int COMPARED = 64;

    /** How many requests in progress a network may have when there are too many in all. */
    private static final int FEW = 4;

    /** How many more requests may be in progress if they are probes. */
    private static final int FOR_PROBES = 16;

    private final ConnectionLimits limits;
    private final PeerNetworks networks;
    private final LongSupplier nanoTime;
    private final Meters meters;

    private final Map<Network, Share> shares = new HashMap<>();
    private final UnreadAnswers unread;
    private final Lines log;
    // begins with the one that waits longest
    private final LinkedHashSet<Connection> waiting = new LinkedHashSet<>();
    private int open;
    private int size; // connections and their streams
    private int requests;

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
        this.unread = new UnreadAnswers(limits);
        this.log = new Lines(now());
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
        if (room) {
            waits(connection);
        } else if (connection.inProgress == 0) {
            close(connection, Closing.TOO_MANY); // it waits to be read itself
        } else {
            grow(connection, -1);
        }
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

    /**
     * A request begins, unless too many are in progress.
     *
     * @param probe whether room is kept for it beyond the limits
     */
    synchronized Outcome begins(Connection connection, boolean probe) {
        if (connection.closed) {
            return Outcome.CLOSED;
        }
        if (isBusy(connection, probe ? FOR_PROBES : 0)) {
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
        Unread held = unread.add(connection, bytes, now());
        if (connection.closed) {
            unread.remove(held);
        }
        Optional<Connection> excess = unread.excess(now());
        while (excess.isPresent()) {
            close(excess.get(), Closing.UNREAD);
            excess = unread.excess(now());
        }
        return held;
    }

    /** A client has taken bytes of an answer. */
    synchronized void takes(Unread taken) {
        unread.remove(taken);
    }

    /**
     * Whether a client takes its answers too slowly.
     *
     * @param taken bytes of all its answers so far
     */
    synchronized boolean isSlow(Connection connection, long taken) {
        return unread.areLate(connection, taken, now());
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
            log.add(why, open, now());
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

    private boolean isBusy(Connection connection, int more) {
        boolean full = requests >= limits.requests() + more;
        int most = (full ? FEW : limits.requestsOfOneNetwork()) + more;
        return share(connection).map(share -> share.requests >= most).orElse(full);
    }

    /** Whether a connection is within the limits; closes another so that it is. */
    private boolean fits(Connection connection) {
        Optional<Share> full =
                share(connection).filter(share -> share.size > limits.ofOneNetwork());
        boolean inNetwork =
                full.map(share -> closed(oneOf(share.waiting), Closing.TOO_MANY)).orElse(true);
        return inNetwork
                && (size <= limits.all()
                        || closed(largerThan(connection, oneOf(waiting)), Closing.TOO_MANY)
                        || closed(largerThan(connection, unread.slowest(now())), Closing.UNREAD));
    }

    /** Of those that wait longest, the one whose network has the most. */
    private Optional<Connection> oneOf(LinkedHashSet<Connection> connections) {
        return connections.stream()
                .limit(COMPARED)
                .reduce((one, next) -> sizeOfNetwork(next) > sizeOfNetwork(one) ? next : one);
    }

    /** A network with much does not take what one with less has. */
    private Optional<Connection> largerThan(Connection small, Optional<Connection> found) {
        return found.filter(large -> sizeOfNetwork(large) >= sizeOfNetwork(small));
    }

    private boolean closed(Optional<Connection> found, Closing why) {
        found.ifPresent(connection -> close(connection, why));
        return found.isPresent();
    }

    private int sizeOfNetwork(Connection connection) {
        return share(connection).map(share -> share.size).orElse(1);
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
        unread.removeAll(connection);
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
}
