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
 * One connection to Redis, opened when it is first needed and again after it broke. Commands are
 * pipelined; one that gets no reply in time closes the connection. Safe for use by several threads.
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
     * Does not connect yet. Create it outside of requests: a connection must not keep their
     * context.
     *
     * @param patience timeout of a command, including the time to connect
     * @param lost called when the connection broke or could not be opened
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

    /** Options for connecting to a URL. A connection that receives nothing for 30 s is closed. */
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
     * Sends a command. Fails when there is no reply in time, or with {@link ErrorType}, which
     * leaves the connection open, when the reply is an error.
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
     * Resolves the host on a worker thread first, so that the client, which resolves it on the
     * event loop, finds it in the JVM's cache and does not block.
     */
    private void connect(Opened to) {
        String host = URI.create(options.getEndpoint()).getHost();
        context.executeBlocking(() -> lookup.find(host), false)
                .compose(
                        known ->
                                isCurrent(to)
                                        ? to.client.connect()
                                        : Future.failedFuture("Closed while connecting"))
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
        // only closing the client is sure to close its socket
        broken.client.close();
        lost.run();
    }

    private record Opened(Redis client, Promise<RedisConnection> made) {}
}
