package services.chorus.seqthink.pipeline;

import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.Optional;
import services.chorus.seqthink.protocol.After;
import services.chorus.seqthink.sealing.Refusal;
import services.chorus.seqthink.state.StateUnavailableException;
import services.chorus.seqthink.telemetry.Count;
import services.chorus.seqthink.telemetry.Meters;

/**
 * The path of a request for a stream of the caller's own thoughts, from top to bottom. The stages
 * shared with {@link CallPipeline} refuse requests as described there. Safe for use by several
 * threads.
 */
@Singleton
public final class StreamPipeline {

    private static final Refusal BAD_AFTER =
            new Refusal(
                    400,
                    "bad-request",
                    "The request's after must be {\"epoch\": \"...\", \"sequence\": N}, with the"
                            + " values of the last event received");

    private static final Refusal UNAVAILABLE =
            new Refusal(
                    503,
                    "state-unavailable",
                    "The stored thoughts are unavailable; try again later with a new request");

    private final LiveStreams live;
    private final ReceiveBody receive;
    private final ProveKey prove;
    private final OpenRequest open;
    private final AdmitOnce admit;
    private final ThoughtLog thoughts;
    private final SealReply seal;
    private final InstantSource clock;
    private final Meters meters;

    StreamPipeline(
            LiveStreams live,
            ReceiveBody receive,
            ProveKey prove,
            OpenRequest open,
            AdmitOnce admit,
            ThoughtLog thoughts,
            SealReply seal,
            InstantSource clock,
            Meters meters) {
        this.live = live;
        this.receive = receive;
        this.prove = prove;
        this.open = open;
        this.admit = admit;
        this.thoughts = thoughts;
        this.seal = seal;
        this.clock = clock;
        this.meters = meters;
    }

    /**
     * Begins a stream.
     *
     * @param exchange with the sealed bytes if they were in a header
     * @param lastEventId the header {@code Last-Event-ID}
     * @return the stream; the caller closes it
     * @throws Refused by the stage that rejects the request
     * @throws InterruptedException when the caller disconnects
     */
    public SealedStream begin(Exchange exchange, Optional<String> lastEventId)
            throws Refused, InterruptedException {
        LiveStreams.Place place = live.take(exchange.caller()); // clear: 429, 503
        try (InProgress.Place room = receive.place(exchange)) {
            if (!exchange.isReceived()) {
                receive.body(exchange, room);
            }
            prove.content(exchange);
            open.streamRequest(exchange);
            admit.request(exchange);

            // sealed: 400 bad-request for an invalid after; 503 while the thoughts are unavailable
            return stream(exchange, after(exchange, lastEventId), place);
        } catch (Refused | InterruptedException | RuntimeException e) {
            place.close();
            throw e;
        }
    }

    private static Optional<After> after(Exchange exchange, Optional<String> lastEventId)
            throws Refused {
        ObjectNode request = exchange.request();
        Optional<After> sealed = After.of(request.path(After.MEMBER));
        if (request.has(After.MEMBER) && sealed.isEmpty()) {
            throw Refused.forRequest(exchange.replyTarget(), BAD_AFTER);
        }
        return sealed.or(() -> lastEventId.flatMap(After::lastEventId));
    }

    private SealedStream stream(Exchange exchange, Optional<After> after, LiveStreams.Place place)
            throws Refused {
        try {
            return new SealedStream(
                    thoughts.open(exchange.history(), after),
                    event -> seal.event(exchange.replyTarget(), event),
                    place,
                    exchange.caller().token().map(sent -> sent.claims().expiresAt()),
                    clock);
        } catch (StateUnavailableException e) {
            meters.count(Count.STATE_FAILURES);
            throw Refused.forState(exchange.replyTarget(), UNAVAILABLE);
        }
    }
}
