package services.chorus.seqthink.pipeline;

import jakarta.inject.Singleton;
import services.chorus.seqthink.sealing.HistoryQuota;
import services.chorus.seqthink.sealing.Refusal;
import services.chorus.seqthink.sealing.ReplayGuard;
import services.chorus.seqthink.sealing.ReplyTarget;
import services.chorus.seqthink.telemetry.Count;
import services.chorus.seqthink.telemetry.Meters;

/**
 * Admits each request once, and new histories within their caller's quota. Every request that can
 * have an effect passes this stage.
 */
@Singleton
final class AdmitOnce {

    private final ReplayGuard guard;
    private final HistoryQuota quota;
    private final Meters meters;

    AdmitOnce(ReplayGuard guard, HistoryQuota quota, Meters meters) {
        this.guard = guard;
        this.quota = quota;
        this.meters = meters;
    }

    /** Records the request's id; a bare request has none. */
    void request(Exchange exchange) throws Refused, InterruptedException {
        ReplyTarget from = exchange.replyTarget();
        if (from.binding().isEmpty()) {
            return;
        }
        switch (guard.admit(exchange.caller().caller().id(), from.binding().get())) {
            case ADMITTED -> {}
            case KNOWN -> throw refused(Count.REPLAYS, from, Refusal.replayed());
            case FULL -> throw refused(Count.REPLAY_QUOTA_FULL, from, Refusal.tooManyRequests());
            case UNAVAILABLE ->
                    throw refused(Count.STATE_FAILURES, from, Refusal.stateUnavailable());
        }
    }

    /** Counts the history of the call against the quota if it is new. */
    void history(Exchange exchange) throws Refused, InterruptedException {
        ReplyTarget from = exchange.replyTarget();
        switch (quota.admit(exchange.caller().caller().id(), exchange.history().id())) {
            case ADMITTED, KNOWN -> {}
            case FULL -> throw refused(Count.HISTORY_QUOTA_FULL, from, Refusal.tooManyHistories());
            case UNAVAILABLE ->
                    throw refused(Count.STATE_FAILURES, from, Refusal.stateUnavailable());
        }
    }

    private Refused refused(Count count, ReplyTarget from, Refusal refusal)
            throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("The caller disconnected");
        }
        meters.count(count);
        return Refused.forState(from, refusal);
    }
}
