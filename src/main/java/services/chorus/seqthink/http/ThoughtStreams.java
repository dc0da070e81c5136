package services.chorus.seqthink.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.core.Context;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import services.chorus.seqthink.audit.AuditLog;
import services.chorus.seqthink.mcp.HistoryKey;
import services.chorus.seqthink.pipeline.ThoughtStream;
import services.chorus.seqthink.protocol.After;
import services.chorus.seqthink.protocol.StreamEvent;
import services.chorus.seqthink.sealing.Correspondent;
import services.chorus.seqthink.sealing.Expected;
import services.chorus.seqthink.sealing.Incoming;
import services.chorus.seqthink.sealing.Refusal;
import services.chorus.seqthink.sealing.Sealing;
import services.chorus.seqthink.telemetry.Count;
import services.chorus.seqthink.telemetry.Meters;
import services.chorus.seqthink.telemetry.Phase;

/** A request for a stream from its bytes to its first event. */
@Singleton
final class ThoughtStreams {

    private static final Refusal BAD_AFTER =
            new Refusal(
                    400,
                    "bad-request",
                    "The request's after must be {\"epoch\": \"...\", \"sequence\": N}, as the last"
                            + " event had them");

    private static final Refusal UNAVAILABLE =
            new Refusal(
                    503,
                    "state-unavailable",
                    "The thoughts cannot be had just now; seal a new request and try again later");

    private final Sealing sealing;
    private final Admittance admittance;
    private final CompletedThoughts thoughts;
    private final SealedReplies replies;
    private final PublicUrl publicUrl;
    private final InstantSource clock;
    private final AuditLog audit;
    private final Meters meters;
    private final Patience patience = Patience.USUAL;

    ThoughtStreams(
            Sealing sealing,
            Admittance admittance,
            CompletedThoughts thoughts,
            SealedReplies replies,
            PublicUrl publicUrl,
            InstantSource clock,
            AuditLog audit,
            Meters meters) {
        this.sealing = sealing;
        this.admittance = admittance;
        this.thoughts = thoughts;
        this.replies = replies;
        this.publicUrl = publicUrl;
        this.clock = clock;
        this.audit = audit;
        this.meters = meters;
    }

    /**
     * Who asks for a stream, and where it would go.
     *
     * @param lastEventId the header {@code Last-Event-ID}
     * @param armored whether a refusal is wanted in armor
     * @param loop the request's event loop
     */
    record Asker(
            Presented token,
            Optional<String> lastEventId,
            boolean armored,
            HttpServerRequest request,
            Context loop,
            LiveStreams.Place place,
            RequestRecord record) {}

    /**
     * Answers with a stream, or with a refusal.
     *
     * @param body the sealed request; empty when none came
     */
    Uni<Response> answer(byte[] body, Asker asker) {
        Expected expected = asker.token().expectedAt(publicUrl.of(StreamResource.ROUTE));
        Incoming incoming = meters.timed(Phase.OPEN, () -> sealing.openStream(body, expected));
        asker.record().opened(body, incoming);
        return admittance.admit(
                incoming, asker.token(), asker.armored(), accepted -> begin(accepted, asker));
    }

    private Uni<Response> begin(Incoming.Accepted accepted, Asker asker) {
        Correspondent from = accepted.from();
        boolean asks = accepted.request().has(After.MEMBER);
        Optional<After> sealed = After.of(accepted.request().path(After.MEMBER));
        if (asks && sealed.isEmpty()) {
            return Uni.createFrom().item(() -> replies.refuse(from, BAD_AFTER, asker.armored()));
        }
        Optional<After> after = sealed.or(() -> asker.lastEventId().flatMap(After::lastEventId));
        HistoryKey key = new HistoryKey(asker.token().caller(), from.name(), from.session());
        return thoughts.stream(key, after)
                .emitOn(Infrastructure.getDefaultWorkerPool())
                .map(
                        stream ->
                                switch (stream) {
                                    case ThoughtStream.Begun begun -> begun(begun, from, asker);
                                    case ThoughtStream.Unavailable() -> unavailable(from, asker);
                                });
    }

    private Response unavailable(Correspondent from, Asker asker) {
        meters.count(Count.STATE_FAILURES);
        return replies.fail(from, UNAVAILABLE, asker.armored());
    }

    private Response begun(ThoughtStream.Begun begun, Correspondent from, Asker asker) {
        Optional<Duration> life =
                asker.token().expiresAt().map(end -> Duration.between(clock.instant(), end));
        SealedStream stream =
                new SealedStream(
                        asker.request(),
                        asker.loop(),
                        asker.place(),
                        begun,
                        event -> frame(from, event),
                        life,
                        patience,
                        reason -> audit.record(asker.record().ended(clock.instant(), reason)));
        return Response.ok(stream, MediaType.SERVER_SENT_EVENTS_TYPE)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                // asks nginx not to gather events before it passes them on
                .header("X-Accel-Buffering", "no")
                .build();
    }

    /** As HTML's section 9.2.6 has it. */
    private byte[] frame(Correspondent to, StreamEvent event) {
        byte[] sealed;
        try {
            sealed = meters.timed(Phase.SEAL, () -> sealing.seal(to, event));
        } catch (RuntimeException e) {
            meters.count(Count.ENCRYPT_FAILURES);
            throw e;
        }
        return "event: %s\nid: %d\ndata: %s\n\n"
                .formatted(
                        event.name(), event.sequence(), Base64.getEncoder().encodeToString(sealed))
                .getBytes(US_ASCII);
    }
}
