package services.chorus.seqthink.pipeline;

import jakarta.inject.Singleton;
import services.chorus.seqthink.pipeline.SealReply.SealedReply;

/**
 * The path of a sealed tool call, from top to bottom. Each stage reads and extends the {@link
 * Exchange}, or throws {@link Refused}, which ends the request. The comments list the refusals of
 * each stage. A clear refusal is a problem document that everybody can read. A sealed refusal is
 * for the caller only; its outer status is 403 if the request is at fault, and the inner status if
 * this service or the MCP server is.
 *
 * <p>The security layer runs first: it verifies the token, and the DPoP proof against the head of
 * the request (401, 429, 503), counts the request against the caller's rate (429) and requires the
 * route's scope (403), all in clear. So no request is decrypted before its sender is authenticated,
 * and none has an effect before it is admitted.
 *
 * <p>Runs on a virtual thread, which is interrupted when the caller disconnects: the stage in
 * progress stops, and a call to the MCP server is cancelled. An admitted request stays admitted, so
 * sending it again is a replay, and a call that had reached the MCP server may have had its effect.
 * Safe for use by several threads.
 */
@Singleton
public final class CallPipeline {

    private final ReceiveBody receive;
    private final ProveKey prove;
    private final OpenRequest open;
    private final AdmitOnce admit;
    private final DecideCall decide;
    private final ForwardCall forward;
    private final RecordThought record;
    private final SealReply seal;

    CallPipeline(
            ReceiveBody receive,
            ProveKey prove,
            OpenRequest open,
            AdmitOnce admit,
            DecideCall decide,
            ForwardCall forward,
            RecordThought record,
            SealReply seal) {
        this.receive = receive;
        this.prove = prove;
        this.open = open;
        this.admit = admit;
        this.decide = decide;
        this.forward = forward;
        this.record = record;
        this.seal = seal;
    }

    /**
     * Answers a call.
     *
     * @return the sealed reply
     * @throws Refused by the stage that rejects the call
     * @throws InterruptedException when the caller disconnects
     */
    public SealedReply answer(Exchange exchange) throws Refused, InterruptedException {
        // clear: 429 while the caller has too many calls in progress, 503 while all together have
        try (InProgress.Place room = receive.place(exchange)) {
            // clear: 415, 413, 408, 400; 429 while the caller's bodies fill its share of the
            // memory, 503 while all bodies fill it
            receive.body(exchange, room);

            // clear: 401 if the DPoP proof is for other content or was used; 503 if its use cannot
            // be
            // checked or recorded
            prove.content(exchange);

            // clear: 400 malformed, 422 no matching key, 413 too large when decrypted
            // sealed: 400 bad-envelope, 403 stale
            open.request(exchange);

            // sealed: 409 replayed (outside too); 503 if the id cannot be checked or recorded
            admit.request(exchange);

            // sealed: 400 bad-request, 403 insufficient-scope or not-allowed
            decide.call(exchange);

            // sealed: 403 too-many-histories; 503 if that cannot be checked
            admit.history(exchange);

            // sealed: 502 unreachable or invalid reply, 504 timeout
            forward.call(exchange);

            // no refusal: the call had its effect, and the reply says if it was not recorded
            record.thought(exchange);

            // 200; a failure to seal is a clear 500
            return seal.reply(exchange);
        }
    }
}
