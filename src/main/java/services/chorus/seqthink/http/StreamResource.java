package services.chorus.seqthink.http;

import io.quarkus.security.PermissionsAllowed;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Optional;
import services.chorus.seqthink.json.StrictBase64;
import services.chorus.seqthink.pipeline.Exchange;
import services.chorus.seqthink.pipeline.Problem;
import services.chorus.seqthink.pipeline.Refused;
import services.chorus.seqthink.pipeline.SealedStream;
import services.chorus.seqthink.pipeline.StreamPipeline;

/**
 * {@code /mcp/sse}: the caller's own thoughts as they complete. The sealed request is in a header
 * or in the body of a {@code POST}.
 */
@Path(Route.Paths.STREAM)
public final class StreamResource {

    static final String ENVELOPE = "Sealed-Envelope";

    private final StreamPipeline pipeline;
    private final AuditObserver audit;

    StreamResource(StreamPipeline pipeline, AuditObserver audit) {
        this.pipeline = pipeline;
        this.audit = audit;
    }

    @GET
    @PermissionsAllowed(RouteScope.PERMISSION)
    @RunOnVirtualThread
    public Response follow(@Context HttpHeaders headers, RoutingContext routing)
            throws Refused, InterruptedException {
        Accepted.requireEvents(headers);
        Exchanges.of(routing).received(envelope(headers));
        return begin(headers, routing);
    }

    @POST
    @PermissionsAllowed(RouteScope.PERMISSION)
    @RunOnVirtualThread
    public Response followPosted(@Context HttpHeaders headers, RoutingContext routing)
            throws Refused, InterruptedException {
        Accepted.requireEvents(headers);
        return begin(headers, routing);
    }

    private Response begin(HttpHeaders headers, RoutingContext routing)
            throws Refused, InterruptedException {
        Exchange exchange = Exchanges.of(routing);
        exchange.unread(new VertxContent(routing.request()), Accepted.wantsArmor(headers));
        try (CallerWatch _ = CallerWatch.of(routing)) {
            SealedStream stream =
                    pipeline.begin(
                            exchange,
                            Optional.ofNullable(headers.getHeaderString("Last-Event-ID")));
            // also if the answer is never written
            routing.addEndHandler(over -> stream.close());
            return Response.ok(
                            new EventStreamWriter(
                                    stream, routing, reason -> audit.ended(routing, reason)),
                            MediaType.SERVER_SENT_EVENTS_TYPE)
                    // nginx must not buffer events
                    .header("X-Accel-Buffering", "no")
                    .build();
        }
    }

    private static byte[] envelope(HttpHeaders headers) throws Refused {
        List<String> values = headers.getRequestHeader(ENVELOPE);
        if (values.isEmpty()) {
            return new byte[0];
        }
        return Optional.of(values.getFirst())
                .filter(only -> values.size() == 1)
                .flatMap(StrictBase64::decode)
                .orElseThrow(() -> Refused.outside(Problem.MALFORMED));
    }
}
