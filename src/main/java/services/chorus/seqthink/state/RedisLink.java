package services.chorus.seqthink.state;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.TrustOptions;
import io.vertx.redis.client.ProtocolVersion;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.impl.types.ErrorType;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.X509TrustManager;

/**
 * One connection to Redis, made when it is first needed and again after it broke. It takes many
 * commands at once, and one that is not answered in time breaks it. Safe for use by several
 * threads.
 */
final class RedisLink implements AutoCloseable {

    private static final int IDLE_SECONDS = 30;

    @FunctionalInterface
    interface Lookup {
        InetAddress find(String host) throws UnknownHostException;
    }

    private final Vertx vertx;
    private final Context context;
    private final RedisOptions options;
    private final Duration patience;
    private final Runnable lost;
    private final Lookup lookup;
    private Opened opened;

    /**
     * Connects nowhere yet. Made outside of requests, whose contexts a connection must not keep.
     *
     * @param patience with each command, the connection before it included
     * @param lost called when the connection broke or could not be made
     */
    RedisLink(Vertx vertx, RedisOptions options, Duration patience, Runnable lost) {
        this(vertx, options, patience, lost, InetAddress::getByName);
    }

    RedisLink(Vertx vertx, RedisOptions options, Duration patience, Runnable lost, Lookup lookup) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.options = options;
        this.patience = patience;
        this.lost = lost;
        this.lookup = lookup;
    }

    /** How a URL is connected to. A connection that nothing comes from for 30 s is given up. */
    static RedisOptions options(RedisUrl url, X509TrustManager trust, Duration patience) {
        NetClientOptions net =
                new NetClientOptions()
                        .setConnectTimeout((int) patience.toMillis())
                        .setReadIdleTimeout(IDLE_SECONDS);
        if (url.tls()) {
            net.setSsl(true)
                    .setHostnameVerificationAlgorithm("HTTPS")
                    .setEnabledSecureTransportProtocols(Set.of("TLSv1.3", "TLSv1.2"))
                    .setTrustOptions(TrustOptions.wrap(trust));
        }
        return new RedisOptions()
                .setConnectionString(url.connectionString())
                .setMaxPoolSize(1)
                .setPoolCleanerInterval(-1)
                .setPreferredProtocolVersion(ProtocolVersion.RESP3)
                .setNetClientOptions(net);
    }

    /**
     * Sends a command. Fails when it is not answered in time or answered with an error; the latter
     * as {@link ErrorType}, which leaves the connection open.
     */
    Future<Response> send(Request request) {
        Opened to = open();
        return to.made
                .future()
                .compose(connection -> connection.send(request))
                .timeout(patience.toMillis(), TimeUnit.MILLISECONDS)
                .onFailure(
                        failure -> {
                            if (!(failure instanceof ErrorType)) {
                                drop(to);
                            }
                        });
    }

    Future<RedisConnection> connection() {
        return open().made.future();
    }

    synchronized boolean holds(RedisConnection connection) {
        return opened != null && opened.made.future().result() == connection;
    }

    @Override
    public synchronized void close() {
        Opened last = opened;
        opened = null;
        if (last != null) {
            last.client.close();
        }
    }

    private Opened open() {
        Opened mine;
        synchronized (this) {
            if (opened != null) {
                return opened;
            }
            opened = new Opened(Redis.createClient(vertx, options), Promise.promise());
            mine = opened;
            context.runOnContext(now -> connect(mine));
        }
        mine.made
                .future()
                .onFailure(failure -> drop(mine))
                .onSuccess(
                        connection ->
                                connection
                                        .exceptionHandler(broken -> drop(mine))
                                        .endHandler(end -> drop(mine)));
        return mine;
    }

    /**
     * The client looks the name up on the event loop, where others would wait for it; asked before
     * on a thread that may wait, the JVM knows the answer for a while.
     */
    private void connect(Opened to) {
        String host = URI.create(options.getEndpoint()).getHost();
        context.executeBlocking(() -> lookup.find(host), false)
                .compose(
                        known ->
                                isCurrent(to)
                                        ? to.client.connect()
                                        : Future.failedFuture("Given up meanwhile"))
                .onComplete(to.made);
    }

    private synchronized boolean isCurrent(Opened one) {
        return opened == one;
    }

    private void drop(Opened broken) {
        synchronized (this) {
            if (opened != broken) {
                return;
            }
            opened = null;
        }
        // only closing the client closes its socket for sure
        broken.client.close();
        lost.run();
    }

    private record Opened(Redis client, Promise<RedisConnection> made) {}
}
