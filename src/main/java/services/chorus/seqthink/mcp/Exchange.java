package services.chorus.seqthink.mcp;

import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.jboss.resteasy.reactive.client.impl.RestClientRequestContext;
import org.jboss.resteasy.reactive.client.spi.ClientMessageBodyWriter;

/**
 * One request, and the reply while it arrives. It travels through the REST client as the request's
 * entity: the client has no other way to read a stream of events within bounds, nor to give up a
 * request that has no answer yet.
 *
 * <p>Its {@code Multi} would, but closes the connection of every reply, whole or not, when others
 * may already use it again.
 */
final class Exchange {

    private final byte[] body;
    private volatile Consumer<byte[]> chunks = chunk -> {};
    private volatile HttpClientRequest sent;
    private volatile boolean abandoned;
    private volatile boolean ended;
    private volatile boolean events;
    private volatile Optional<String> session = Optional.empty();

    /** A request without a body. */
    Exchange() {
        this(new byte[0]);
    }

    Exchange(byte[] body) {
        this.body = body;
    }

    /** Has each part of the reply's body given to a consumer. To be called before it is sent. */
    void read(Consumer<byte[]> consumer) {
        chunks = consumer;
    }

    /** Whether the reply is an event stream; known before its first byte. */
    boolean isEvents() {
        return events;
    }

    /** The session that the reply names; known before its first byte. */
    Optional<String> session() {
        return session;
    }

    /** Closes the request's connection, now or as soon as there is one, unless the reply ended. */
    void abandon() {
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
        events =
                type != null
                        && type.toLowerCase(Locale.ROOT).startsWith(MediaType.SERVER_SENT_EVENTS);
        session = Optional.ofNullable(response.getHeader(Headers.SESSION));
        // Of octets the client makes nothing of its own, as it would of multipart.
        response.headers().set(HttpHeaders.CONTENT_TYPE, MediaType.APPLICATION_OCTET_STREAM);
        response.handler(chunk -> chunks.accept(chunk.getBytes()));
        response.endHandler(end -> ended = true);
    }

    /** Writes an exchange's body, and tells it the request that carries it. */
    static final class Writer implements ClientMessageBodyWriter<Exchange> {

        @Override
        public boolean isWriteable(
                Class<?> type, Type genericType, Annotation[] annotations, MediaType mediaType) {
            return type == Exchange.class;
        }

        @Override
        public void writeTo(
                Exchange exchange,
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
                Exchange exchange,
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
