package services.chorus.seqthink.mcp;

import io.smallrye.mutiny.Uni;
import io.vertx.core.VertxException;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import jakarta.ws.rs.ProcessingException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.resteasy.reactive.client.impl.RestClientRequestContext;
import org.jboss.resteasy.reactive.client.spi.ClientMessageBodyWriter;
import services.chorus.seqthink.mcp.UpstreamException.Kind;
import services.chorus.seqthink.net.EventStream;

/**
 * One request, and the JSON documents of its reply as they arrive: the data of each event of an
 * event stream, or the complete body of any other reply.
 *
 * <p>A workaround: the REST client gets it as the entity of the request, since it offers no other
 * way to limit a stream of events or to cancel a request without an answer yet. (Its {@code Multi}
 * does, but closes the connection after every reply, even if another request already uses it.)
 */
final class HttpExchange implements AutoCloseable {

    private final byte[] body;
    private final int maxReplyBytes;
    private final BlockingQueue<Arrival> arrivals = new LinkedBlockingQueue<>();

    // used by the connection's event loop only
    private final EventStream events = new EventStream();
    private final ByteArrayOutputStream whole = new ByteArrayOutputStream();
    private boolean isEvents;
    private long received;

    private volatile HttpClientRequest sent;
    private volatile boolean abandoned;
    private volatile boolean ended;
    private volatile Optional<String> session = Optional.empty();

    private sealed interface Arrival {}

    private record Document(byte[] bytes) implements Arrival {}

    private record End() implements Arrival {}

    private record Failed(Throwable failure) implements Arrival {}

    /**
     * @param body empty for a request without a body
     * @param maxReplyBytes largest reply
     */
    HttpExchange(byte[] body, int maxReplyBytes) {
        this.body = body;
        this.maxReplyBytes = maxReplyBytes;
    }

    HttpExchange sendBy(Uni<?> call) {
        // The Uni is never cancelled: a request cancelled while it waits for a connection leaks it.
        call.subscribe().with(whole -> end(), failure -> arrivals.add(new Failed(failure)));
        return this;
    }

    /**
     * Waits for the next document.
     *
     * @return empty after the end of the reply
     * @throws UpstreamException if the reply fails, is too large or is not in time
     */
    Optional<byte[]> next(Deadline deadline) throws UpstreamException, InterruptedException {
        Arrival next = arrivals.poll(deadline.nanosLeft(), TimeUnit.NANOSECONDS);
        return switch (next) {
            case Document(byte[] bytes) -> Optional.of(bytes);
            case End end -> {
                arrivals.add(end);
                yield Optional.empty();
            }
            case Failed failed -> {
                arrivals.add(failed);
                throw toUpstream(failed.failure());
            }
            case null -> throw new UpstreamException(Kind.TIMEOUT);
        };
    }

    /** Waits until the server has accepted the message; ignores its documents. */
    void awaitEnd(Deadline deadline) throws UpstreamException, InterruptedException {
        while (next(deadline).isPresent()) {
            // no answer is expected
        }
    }

    /** The session in the head of the reply; known with its first document. */
    Optional<String> session() {
        return session;
    }

    /** Closes the connection, now or once there is one, unless the reply has ended. */
    @Override
    public void close() {
        abandoned = true;
        HttpClientRequest request = sent;
        if (request != null && !ended) {
            request.reset();
        }
    }

    private void sending(HttpClientRequest request) {
        sent = request;
        request.response().onSuccess(this::answered);
        if (abandoned) {
            request.reset();
        }
    }

    private void answered(HttpClientResponse response) {
        String type = response.getHeader(HttpHeaders.CONTENT_TYPE);
        isEvents =
                type != null
                        && type.toLowerCase(Locale.ROOT).startsWith(MediaType.SERVER_SENT_EVENTS);
        session = Optional.ofNullable(response.getHeader(UpstreamRoutes.SESSION));
        // The client does not parse octets itself, as it would multipart.
        response.headers().set(HttpHeaders.CONTENT_TYPE, MediaType.APPLICATION_OCTET_STREAM);
        response.handler(chunk -> accept(chunk.getBytes()));
        response.endHandler(end -> ended = true);
    }

    private void accept(byte[] chunk) {
        received += chunk.length;
        if (received > maxReplyBytes) {
            arrivals.add(new Failed(new UpstreamException(Kind.REPLY_TOO_LARGE)));
            close();
        } else if (isEvents) {
            events.accept(chunk).forEach(data -> arrivals.add(new Document(data)));
        } else {
            whole.writeBytes(chunk);
        }
    }

    private void end() {
        if (whole.size() > 0) {
            arrivals.add(new Document(whole.toByteArray()));
        }
        arrivals.add(new End());
    }

    private static UpstreamException toUpstream(Throwable failure) {
        return switch (failure) {
            case UpstreamException e -> e;
            case TimeoutException e -> new UpstreamException(Kind.TIMEOUT);
            case ProcessingException e -> new UpstreamException(Kind.UNREACHABLE);
            case IOException e -> new UpstreamException(Kind.UNREACHABLE);
            case VertxException e -> new UpstreamException(Kind.UNREACHABLE);
            // The cause is dropped: the exception of a parser quotes what it read.
            default -> new UpstreamException(Kind.BROKEN_REPLY);
        };
    }

    /** Writes the body of an exchange and gives it its request. */
    static final class Writer implements ClientMessageBodyWriter<HttpExchange> {

        @Override
        public boolean isWriteable(
                Class<?> type, Type genericType, Annotation[] annotations, MediaType mediaType) {
            return type == HttpExchange.class;
        }

        @Override
        public void writeTo(
                HttpExchange exchange,
                Class<?> type,
                Type genericType,
                Annotation[] annotations,
                MediaType mediaType,
                MultivaluedMap<String, Object> headers,
                OutputStream out,
                RestClientRequestContext context)
                throws IOException {
            exchange.sending(context.getHttpClientRequest());
            out.write(exchange.body);
        }

        @Override
        public void writeTo(
                HttpExchange exchange,
                Class<?> type,
                Type genericType,
                Annotation[] annotations,
                MediaType mediaType,
                MultivaluedMap<String, Object> headers,
                OutputStream out) {
            throw new UnsupportedOperationException("An exchange is written by the REST client");
        }
    }
}
