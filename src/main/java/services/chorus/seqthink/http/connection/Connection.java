package services.chorus.seqthink.http.connection;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import services.chorus.seqthink.http.connection.UnreadAnswers.Unread;
import services.chorus.seqthink.policy.limits.Network;

/**
 * One connection of a client, from its acceptance to its end. The handler nearest to the socket; it
 * belongs to the event loop of its connection, except for the fields that {@link Connections}
 * guards.
 */
public final class Connection extends ChannelDuplexHandler {

    /** Whether a request may be processed. */
    public enum Outcome {
        BEGUN,
        /** Too many requests are in progress, in all or from its network. */
        BUSY,
        /** Its stream or its connection has been closed, so nobody would read the answer. */
        CLOSED
    }

    /** How long an orderly close may take, with TLS' and HTTP/2's last messages. */
    private static final Duration FAREWELL = Duration.ofSeconds(3);

    private static final String TLS = "ssl"; // Vert.x' name of that handler

    /** Announced are 100; a client that has not read that yet may open a few more. */
    private static final int MOST_STREAMS = 128;

    /** Clients seldom send requests before the answers to those before. */
    private static final int MOST_QUEUED = 32;

    private final Connections all;

    private ChannelHandlerContext context;
    private Optional<ScheduledFuture<?>> checks = Optional.empty();

    private int requests;
    private long begun;
    private Optional<HttpServerRequest> last = Optional.empty();
    private Optional<Http2Streams> streams = Optional.empty();

    /** When the head of the next request began; empty between requests. */
    private Optional<Long> head;

    private long idleSince;
    private boolean readPending;
    private boolean checked;
    private boolean answering;
    private volatile boolean aborted;
    long taken; // bytes of answers, for the whole connection

    /** Answers a malformed request once all requests before it are answered. */
    private Optional<Runnable> refusal = Optional.empty();

    // guarded by Connections
    Optional<Network> network = Optional.empty();
    boolean closed;
    int size; // itself and its streams
    int inProgress;
    long unreadBytes;
    long unreadSince;
    long takenBefore;
    final Set<Unread> unread = new LinkedHashSet<>();

    Connection(Connections all) {
        this.all = all;
        this.head = Optional.of(all.now());
    }

    /** The connection of a request. */
    public static Connection of(HttpServerRequest request) {
        return ((ConnectionBase) request.connection()).channel().pipeline().get(Connection.class);
    }

    /**
     * A request begins; on the event loop.
     *
     * @param probe whether room is kept for it
     * @return whether it may be processed; {@link #end} must follow only then
     */
    public Outcome begin(HttpServerRequest request, boolean probe) {
        head = Optional.empty();
        last = Optional.of(request);
        idleSince = all.now();
        answering = false;
        begun++;
        Outcome outcome = admit(request, probe);
        if (outcome == Outcome.BEGUN) {
            requests++;
        } else { // its answer follows at once
            context.executor().execute(() -> refusal.ifPresent(Runnable::run));
        }
        return outcome;
    }

    private Outcome admit(HttpServerRequest request, boolean probe) {
        if (request.version() == HttpVersion.HTTP_2) {
            return admitStream(request, probe);
        }
        if (!context.channel().isWritable()) {
            // sends requests without reading the answers
            all.close(this, Closing.UNREAD);
        }
        return all.begins(this, probe);
    }

    private Outcome admitStream(HttpServerRequest request, boolean probe) {
        if (streams.isEmpty()) {
            Http2Connection http2 =
                    context.pipeline().get(Http2ConnectionHandler.class).connection();
            streams = Optional.of(new Http2Streams(http2, this, all));
        }
        if (!streams.get().begin(request.streamId())) {
            request.response().reset(Http2Error.REFUSED_STREAM.code());
            return Outcome.CLOSED;
        }
        return all.begins(this, probe);
    }

    /** The answer to a request has been written, or there will be none; on any thread. */
    public void end(HttpServerRequest request) {
        long answer = request.response().bytesWritten();
        context.executor()
                .execute(
                        () -> {
                            streams.ifPresent(open -> open.end(request.streamId(), answer));
                            idleSince = all.now();
                            all.ends(this);
                            requests--;
                            refusal.ifPresent(Runnable::run);
                        });
    }

    /**
     * Answers a malformed request and closes the connection.
     *
     * @param passed how many requests were passed on, the malformed one included if its head was
     * @param inBody whether its head was; else the answers to all before it are sent first
     */
    void refuse(ChannelHandlerContext from, ByteBuf answer, long passed, boolean inBody) {
        boolean allBegun = begun == passed; // Vert.x begins a request when the one before has ended
        if (inBody && (answering || !allBegun || requests != 1)) {
            answer.release(); // it would be taken for another answer, or for its rest
            abort();
        } else if (inBody || allBegun && requests == 0) {
            from.writeAndFlush(answer).addListener(ChannelFutureListener.CLOSE);
        } else {
            refusal = Optional.of(() -> refuse(from, answer, passed, false));
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
    }

    @Override
    public void channelActive(ChannelHandlerContext active) {
        InetAddress peer = ((InetSocketAddress) active.channel().remoteAddress()).getAddress();
        checks =
                Optional.of(
                        active.executor()
                                .scheduleWithFixedDelay(this::check, 1, 1, TimeUnit.SECONDS));
        all.opened(this, peer);
        active.fireChannelActive();
    }

    @Override
    public void channelInactive(ChannelHandlerContext inactive) {
        checks.ifPresent(check -> check.cancel(false));
        all.closed(this);
        inactive.fireChannelInactive();
    }

    @Override
    public void channelRead(ChannelHandlerContext received, Object message) {
        if (aborted) {
            ReferenceCountUtil.release(message);
            return;
        }
        if (!checked) {
            checked = true;
            String before = received.pipeline().get(TLS) == null ? received.name() : TLS;
            received.pipeline().addAfter(before, "http1-check", new Http1Check(this));
        }
        if (requests == 0 && head.isEmpty() && streams.isEmpty()) {
            if (last.filter(request -> !request.isEnded()).isPresent()) {
                idleSince = all.now(); // the rest of a body that is discarded
            } else {
                head = Optional.of(all.now());
            }
        }
        received.fireChannelRead(message);
    }

    /** A client that does not read is not read from either, so that no answers pile up. */
    @Override
    public void read(ChannelHandlerContext wanted) {
        if (wanted.channel().isWritable()) {
            wanted.read();
        } else {
            readPending = true;
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext changed) {
        if (readPending && changed.channel().isWritable()) {
            readPending = false;
            changed.read();
        }
        changed.fireChannelWritabilityChanged();
    }

    @Override
    public void write(ChannelHandlerContext written, Object message, ChannelPromise promise) {
        if (message instanceof ByteBuf bytes && bytes.isReadable()) {
            int size = bytes.readableBytes();
            Unread sending = all.holds(this, size);
            answering = true;
            written.write(message, promise.unvoid())
                    .addListener(
                            sent -> {
                                taken += size;
                                all.takes(sending);
                            });
        } else {
            written.write(message, promise);
        }
    }

    /**
     * Whether further requests of HTTP/1 are accepted.
     *
     * @param passed how many have been received; Vert.x queues those that have not begun
     */
    boolean mayQueue(long passed) {
        if (passed - begun > MOST_QUEUED) {
            all.close(this, Closing.TOO_MANY_QUEUED);
        }
        return !aborted;
    }

    /**
     * Whether further frames of requests are accepted.
     *
     * @param active number of active HTTP/2 streams
     */
    boolean mayHave(int active) {
        if (active > MOST_STREAMS) {
            all.close(this, Closing.TOO_MANY_STREAMS);
        }
        return !aborted;
    }

    /** Closes the socket at once, on any thread; unsent bytes are dropped. */
    void abort() {
        aborted = true; // bytes received already are discarded
        context.executor().execute(() -> context.close());
    }

    /** Closes the connection as TLS and HTTP/2 do, on any thread. */
    void finish() {
        context.channel().close();
        // either may wait longer than that for a client that does not read
        context.executor()
                .schedule(() -> context.close(), FAREWELL.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** How much the socket has accepted of the bytes that it is being given. */
    private long takenOfCurrent() {
        return Optional.ofNullable(context.channel().unsafe().outboundBuffer())
                .map(ChannelOutboundBuffer::currentProgress)
                .orElse(0L);
    }

    private void check() {
        long now = all.now();
        ConnectionLimits limits = all.limits();
        if (all.isSlow(this, taken + takenOfCurrent())) {
            all.close(this, Closing.UNREAD);
        } else if (requests == 0) {
            if (head.filter(since -> now - since > limits.head().toNanos()).isPresent()) {
                all.close(this, Closing.SLOW_HEAD);
            } else if (head.isEmpty() && now - idleSince > limits.idle().toNanos()) {
                all.close(this, Closing.IDLE);
            }
        }
    }
}
