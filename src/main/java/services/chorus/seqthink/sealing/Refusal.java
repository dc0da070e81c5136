package services.chorus.seqthink.sealing;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;
import services.chorus.seqthink.json.StrictJson;

/**
 * A refusal that is told inside the seal.
 *
 * @param status as HTTP would say it
 * @param code a stable word for programs
 * @param message a sentence that says what to do
 * @param scopes those that a token needs, where it lacks one
 */
public record Refusal(int status, String code, String message, Set<String> scopes) {

    /** A refusal that has nothing to do with scopes. */
    public Refusal(int status, String code, String message) {
        this(status, code, message, Set.of());
    }

    /** The reply's member {@code error}. */
    public ObjectNode error() {
        ObjectNode error = StrictJson.object().put("code", code).put("message", message);
        if (!scopes.isEmpty()) {
            scopes.forEach(error.putArray("scopes")::add);
        }
        return error;
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

    static Refusal otherRecipient() {
        return new Refusal(
                403,
                "reply-to-mismatch",
                "reply_to is not the token's age_recipient: leave reply_to out or make it the same");
    }

    /** A request of this id was admitted before. */
    public static Refusal replayed() {
        return new Refusal(
                409,
                "replayed",
                "A request of this request_id was taken before and may have had its effect: seal a"
                        + " new one");
    }

    /** No more request ids can be recorded. */
    public static Refusal tooManyRequests() {
        return new Refusal(
                503,
                "replay-guard-full",
                "As many requests are remembered as may be, of this caller or of all together: send"
                        + " fewer, or wait");
    }

    /** The caller has begun its last history for now. */
    public static Refusal tooManyHistories() {
        return new Refusal(
                403,
                "too-many-histories",
                ("This caller has begun %d histories, the most it may in a day: use a reply_to and"
                                + " session of one of them, or wait, since one leaves a day after"
                                + " it began")
                        .formatted(HistoryQuota.MOST));
    }

    /** Whether the request was admitted before cannot be told. */
    public static Refusal stateUnavailable() {
        return new Refusal(
                503,
                "state-unavailable",
                "What the replicas share cannot be reached just now: the tool was not called, seal a"
                        + " new request and try again");
    }

    /** The rules ask for a scope that the token lacks. */
    public static Refusal insufficientScope(Set<String> needed) {
        return new Refusal(
                403,
                "insufficient-scope",
                "The token lacks a scope that this call needs; ask its issuer for a token with all of"
                        + " these scopes",
                needed);
    }

    /** No rule allows the call, whoever makes it. */
    public static Refusal notAllowed() {
        return new Refusal(
                403,
                "not-allowed",
                "No rule of this service allows this tool with these arguments; no other token would"
                        + " change that");
    }
}
