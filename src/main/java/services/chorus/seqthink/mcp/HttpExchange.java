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
 * event stream, else the whole body.
 *
 * <p>It travels through the REST client as the request's entity, which is the one workaround that
 * this client needs: it has no other way to read a stream of events within bounds, nor to give up a
 * request that has no answer yet. (Its {@code Multi} would, but closes the connection of every
 * reply, whole or not, when others may already use it again.)
 */
final class HttpExchange implements AutoCloseable {

    private final byte[] body;
    private final int maxReplyBytes;
    private final BlockingQueue<Arrival> arrivals = new LinkedBlockingQueue<>();

    // of the connection's event loop
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
     * @param body empty for a request without one
     * @param maxReplyBytes how much of the reply is read
     */
    HttpExchange(byte[] body, int maxReplyBytes) {
        this.body = body;
        this.maxReplyBytes = maxReplyBytes;
    }

    HttpExchange sendBy(Uni<?> call) {
        // Not cancelled itself: a request that is cancelled while it waits for a connection keeps
        // it.
        call.subscribe().with(whole -> end(), failure -> arrivals.add(new Failed(failure)));
        return this;
    }

    /**
     * Waits for the next document.
     *
     * @return empty when the reply is over
     * @throws UpstreamException when there is no more, though the reply is not over
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
                throw named(failed.failure());
            }
            case null -> throw new UpstreamException(Kind.TIMEOUT);
        };
    }

    /** Waits until the server has taken the message, whatever else it says. */
    void awaitEnd(Deadline deadline) throws UpstreamException, InterruptedException {
        while (next(deadline).isPresent()) {
            // an answer to what wants none
        }
    }

    /** The session that the reply names; known with its first document. */
    Optional<String> session() {
        return session;
    }

    /** Closes the request's connection, now or as soon as there is one, unless the reply ended. */
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
        // Of octets the client makes nothing of its own, as it would of multipart.
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

    private static UpstreamException named(Throwable failure) {
        return switch (failure) {
            case UpstreamException e -> e;
            case TimeoutException e -> new UpstreamException(Kind.TIMEOUT);
            case ProcessingException e -> new UpstreamException(Kind.UNREACHABLE);
            case IOException e -> new UpstreamException(Kind.UNREACHABLE);
            case VertxException e -> new UpstreamException(Kind.UNREACHABLE);
            // Anything else goes no further: a parser's exception quotes what it read.
            default -> new UpstreamException(Kind.BROKEN_REPLY);
        };
    }

    /** Writes an exchange's body, and tells it the request that carries it. */
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
