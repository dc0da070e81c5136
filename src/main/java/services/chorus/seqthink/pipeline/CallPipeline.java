package services.chorus.seqthink.pipeline;

import jakarta.inject.Singleton;

/**
 * What happens to a sealed tool call, from top to bottom. Each stage reads and extends the {@link
 * Exchange}, or throws {@link Refused}; the comment beside it says with which statuses, first those
 * that everybody sees, then those inside the seal. Nothing is opened before its sender is known,
 * and nothing has an effect before it was admitted once.
 *
 * <p>The security layer has authenticated the caller before (token and DPoP key: 401, 429, 503),
 * counted the request against the caller's rate (429) and required the route's scope (403).
 *
 * <p>Runs on a virtual thread, which is interrupted when the caller goes away: the stage in
 * progress ends, the call upstream included. Safe for use by several threads.
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
     * @throws Refused by the stage that does not let the call go on
     * @throws InterruptedException when the caller is gone
     */
    public SealedReply answer(Exchange exchange) throws Refused, InterruptedException {
        try (InflightBytes.Share room = receive.share()) {
            receive.body(exchange, room); // 415, 413, 503 busy, 408, 400
            prove.content(exchange); // 401 for the DPoP proof, 503
            open.request(exchange); // 400, 422, 413; inside 400 bad-envelope, 403 stale
            admit.request(exchange); // inside 409 replayed, 503
            decide.call(exchange); // inside 400 bad-request, 403 insufficient-scope, not-allowed
            admit.history(exchange); // inside 403 too-many-histories, 503
            forward.call(exchange); // inside 502, 504
            record.thought(exchange); // refuses nothing: the call has had its effect
            return seal.reply(exchange); // 200
        }
    }
}
