package services.chorus.seqthink.sealing;

import static java.util.Objects.requireNonNull;

/**
 * A refusal that is told inside the seal.
 *
 * @param status as HTTP would say it
 * @param code a stable word for programs
 * @param message a sentence that says what to do
 */
public record Refusal(int status, String code, String message) {

    public Refusal {
        requireNonNull(code, "code is null");
        requireNonNull(message, "message is null");
    }

    static Refusal badEnvelope(String member, String wanted) {
        return new Refusal(400, "bad-envelope", "The envelope's " + member + " must be " + wanted);
    }

    static Refusal stale(long nowSeconds, long windowSeconds) {
        return new Refusal(
                403,
                "stale-request",
                ("issued_at is more than %d seconds behind this service's clock (%d), ahead of it,"
                                + " or from before it started: set the clock, seal the request again")
                        .formatted(windowSeconds, nowSeconds));
    }

    static Refusal replayed() {
        return new Refusal(
                409,
                "replayed",
                "A request of this request_id was taken before and may have had its effect: seal a"
                        + " new one");
    }

    static Refusal tooManyRequests() {
        return new Refusal(
                503,
                "replay-guard-full",
                "As many requests are remembered as may be, of this caller or of all together: send"
                        + " fewer, or wait");
    }

    static Refusal tooManyHistories() {
        return new Refusal(
                403,
                "too-many-histories",
                ("This caller has begun %d histories, the most it may in a day: use a reply_to and"
                                + " session of one of them, or wait, since one leaves a day after"
                                + " it began")
                        .formatted(HistoryQuota.MOST));
    }

    static Refusal stateUnavailable() {
        return new Refusal(
                503,
                "state-unavailable",
                "What the replicas share cannot be reached just now: the tool was not called, seal a"
                        + " new request and try again");
    }

    static Refusal otherRecipient() {
        return new Refusal(
                403,
                "reply-to-mismatch",
                "reply_to is not the token's age_recipient: leave reply_to out or make it the same");
    }
}
