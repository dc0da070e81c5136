package services.chorus.seqthink.http;

import io.quarkus.security.PermissionsAllowed;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
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
import services.chorus.seqthink.http.ThoughtStreams.Asker;
import services.chorus.seqthink.json.StrictBase64;

/**
 * {@code /mcp/sse}: the caller's own thoughts as they complete. The sealed request comes in a
 * header, or as the body of a {@code POST}.
 */
@Path(StreamResource.ROUTE)
public final class StreamResource {

    static final String ROUTE = "/mcp/sse";
    static final String ENVELOPE = "Sealed-Envelope";

    private final SealedBodies bodies;
    private final ProvenContent proven;
    private final ThoughtStreams streams;
    private final LiveStreams live;
    private final SecurityIdentity identity;

    StreamResource(
            SealedBodies bodies,
            ProvenContent proven,
            ThoughtStreams streams,
            LiveStreams live,
            SecurityIdentity identity) {
        this.bodies = bodies;
        this.proven = proven;
        this.streams = streams;
        this.live = live;
        this.identity = identity;
    }

    @GET
    @PermissionsAllowed(RouteScope.PERMISSION)
    public Uni<Response> follow(
            @Context HttpHeaders headers,
            @Context HttpServerRequest request,
            RoutingContext routing) {
        requireAccepted(headers);
        byte[] sealed = envelope(headers);
        Asker asker = asker(headers, request, routing);
        return keepingAPlaceForAStreamOnly(
                asker,
                Uni.createFrom()
                        .item(sealed)
                        // opening is work for a worker
                        .emitOn(Infrastructure.getDefaultWorkerPool())
                        .chain(body -> answer(body, asker)));
    }

    @POST
    @PermissionsAllowed(RouteScope.PERMISSION)
    public Uni<Response> followPosted(
            @Context HttpHeaders headers,
            @Context HttpServerRequest request,
            RoutingContext routing) {
        requireAccepted(headers);
        Asker asker = asker(headers, request, routing);
        return keepingAPlaceForAStreamOnly(
                asker,
                Uni.createFrom()
                        .deferred(() -> bodies.receive(request, body -> answer(body, asker))));
    }

    private Uni<Response> answer(byte[] sealed, Asker asker) {
        return proven.require(asker.token(), sealed, () -> streams.answer(sealed, asker));
    }

    /**
     * Frees the place of whoever gets no stream, at once: the end of an answer is told to nobody
     * when its connection closed before the head was written.
     */
    private static Uni<Response> keepingAPlaceForAStreamOnly(Asker asker, Uni<Response> answer) {
        return answer.onTermination()
                .invoke(
                        (response, failure, cancelled) -> {
                            boolean stream =
                                    response != null
                                            && response.getEntity() instanceof SealedStream;
                            if (!stream) {
                                asker.place().leave();
                            }
                        });
    }

    private Asker asker(HttpHeaders headers, HttpServerRequest request, RoutingContext routing) {
        Presented token = Presented.by(identity);
        LiveStreams.Place place = live.take(token.caller(), Presenter.of(identity).token());
        routing.addEndHandler(over -> place.leave());
        return new Asker(
                token,
                Optional.ofNullable(headers.getHeaderString("Last-Event-ID")),
                ArmorPreference.of(headers),
                request,
                Vertx.currentContext(),
                place,
                RequestRecord.of(routing).orElseThrow());
    }

    private static void requireAccepted(HttpHeaders headers) {
        if (acceptable(headers).stream()
                .noneMatch(type -> type.isCompatible(MediaType.SERVER_SENT_EVENTS_TYPE))) {
            throw new ProblemException(Problem.NOT_ACCEPTABLE);
        }
    }

    private static List<MediaType> acceptable(HttpHeaders headers) {
        try {
            return headers.getAcceptableMediaTypes();
        } catch (IllegalArgumentException e) {
            throw new ProblemException(Problem.BAD_REQUEST);
        }
    }

    private static byte[] envelope(HttpHeaders headers) {
        List<String> values = headers.getRequestHeader(ENVELOPE);
        if (values.isEmpty()) {
            return new byte[0];
        }
        return Optional.of(values.getFirst())
                .filter(only -> values.size() == 1)
                .flatMap(StrictBase64::decode)
                .orElseThrow(() -> new ProblemException(Problem.MALFORMED));
    }
}
