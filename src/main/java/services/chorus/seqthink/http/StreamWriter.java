package services.chorus.seqthink.http;

import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.Provider;
import java.io.OutputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import org.jboss.resteasy.reactive.server.spi.ResteasyReactiveResourceInfo;
import org.jboss.resteasy.reactive.server.spi.ServerMessageBodyWriter;
import org.jboss.resteasy.reactive.server.spi.ServerRequestContext;

/** Lets a stream write itself; the framework's part ends where its first event is sent. */
@Provider
public final class StreamWriter implements ServerMessageBodyWriter<SealedStream> {

    @Override
    public boolean isWriteable(
            Class<?> type, Type generic, ResteasyReactiveResourceInfo target, MediaType media) {
        return type == SealedStream.class;
    }

    @Override
    public boolean isWriteable(
            Class<?> type, Type generic, Annotation[] annotations, MediaType media) {
        return type == SealedStream.class;
    }

    @Override
    public void writeResponse(SealedStream stream, Type generic, ServerRequestContext context) {
        stream.start();
    }

    @Override
    public void writeTo(
            SealedStream stream,
            Class<?> type,
            Type generic,
            Annotation[] annotations,
            MediaType media,
            MultivaluedMap<String, Object> headers,
            OutputStream out) {
        throw new UnsupportedOperationException("A stream does not fit into a stream of bytes");
    }
}
