package services.chorus.seqthink.state;

import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import services.chorus.seqthink.state.SharedState.Subscription;

/**
 * The subscriptions of this process to logs in Redis, over one connection. After a failure it
 * reconnects, subscribes again, and notifies all followers, since they may have missed something.
 */
final class RedisFollowers implements AutoCloseable {

    private static final long FIRST_PAUSE_MILLIS = 50;
    private static final long LONGEST_PAUSE_MILLIS = 5_000;
    private static final long PING_MILLIS = 10_000;

    private final Vertx vertx;
    private final RedisLink link;
    private final Followers followers = new Followers(this::subscribe);
    private final Set<String> subscribed = new HashSet<>();
    private final long pings;
    private RedisConnection connection;
    private boolean connecting;
    private boolean closed;
    private long pause = FIRST_PAUSE_MILLIS;

    RedisFollowers(Vertx vertx, RedisOptions options, Duration patience) {
        this.vertx = vertx;
        this.link = new RedisLink(vertx, options, patience, this::lost);
        this.pings = vertx.setPeriodic(PING_MILLIS, timer -> ping());
    }

    Subscription follow(List<String> names, Runnable grown) {
        return followers.follow(names, grown);
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        vertx.cancelTimer(pings);
        link.close();
    }

    /** Subscribes to the names that are followed, and to no others. */
    private synchronized void subscribe() {
        Set<String> wanted = followers.names();
        if (connection == null) {
            if (!wanted.isEmpty() && !connecting && !closed) {
                connecting = true;
                link.connection().onSuccess(this::connected);
            }
            return;
        }
        Set<String> added = new HashSet<>(wanted);
        added.removeAll(subscribed);
        Set<String> gone = new HashSet<>(subscribed);
        gone.removeAll(wanted);
        send(Command.SUBSCRIBE, added);
        send(Command.UNSUBSCRIBE, gone);
        subscribed.addAll(added);
        subscribed.removeAll(gone);
    }

    private void send(Command command, Set<String> channels) {
        if (!channels.isEmpty()) {
            Request request = Request.cmd(command);
            channels.forEach(request::arg);
            connection.send(request);
        }
    }

    private void connected(RedisConnection made) {
        synchronized (this) {
            if (!link.holds(made)) {
                // already broken: lost() was or will be called
                return;
            }
            connection = made.handler(this::receive);
            connecting = false;
            subscribed.clear();
        }
        subscribe();
    }

    private synchronized void lost() {
        connection = null;
        connecting = true;
        vertx.setTimer(
                pause,
                timer -> {
                    synchronized (this) {
                        connecting = false;
                    }
                    subscribe();
                });
        pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
    }

    /** Handles messages, and confirmations of subscriptions: nothing is missed after those. */
    private void receive(Response message) {
        if (message.type() == ResponseType.PUSH
                && Set.of("message", "subscribe").contains(message.get(0).toString())) {
            synchronized (this) {
                pause = FIRST_PAUSE_MILLIS;
            }
            followers.notifyGrown(message.get(1).toString());
        }
    }

    /** Keeps a live connection from being idle; the reply may arrive as a message. */
    private synchronized void ping() {
        if (connection != null) {
            connection.send(Request.cmd(Command.PING));
        }
    }
}
