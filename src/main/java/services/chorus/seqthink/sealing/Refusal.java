package services.chorus.seqthink.sealing;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;
import services.chorus.seqthink.json.StrictJson;

/**
 * A refusal that is sent inside the seal.
 *
 * @param status an HTTP status
 * @param code stable, for programs
 * @param message says what to do
 * @param scopes the scopes that the call needs, when the token lacks one of them
 */
public record Refusal(int status, String code, String message, Set<String> scopes) {

    public Refusal(int status, String code, String message) {
        this(status, code, message, Set.of());
    }

    /** The member {@code error} of the reply. */
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
                ("issued_at is more than %d seconds behind the gateway's clock (%d), too far ahead"
                                + " of it, or from before the gateway started: set your clock"
                                + " and seal the request again")
                        .formatted(windowSeconds, nowSeconds));
    }

    static Refusal otherRecipient() {
        return new Refusal(
                403,
                "reply-to-mismatch",
                "reply_to differs from the token's age_recipient: omit reply_to or use the same");
    }

    public static Refusal replayed() {
        return new Refusal(
                409,
                "replayed",
                "A request with this request_id was accepted before and may have had its effect:"
                        + " seal a new request");
    }

    public static Refusal tooManyRequests() {
        return new Refusal(
                503,
                "replay-guard-full",
                "The gateway cannot record more request ids, for this caller or for all callers"
                        + " together: send fewer requests, or try again later");
    }

    public static Refusal tooManyHistories() {
        return new Refusal(
                403,
                "too-many-histories",
                ("This caller has started %d histories within 24 hours, which is the limit: use the"
                                + " reply_to and session of one of them, or wait until 24 hours after the"
                                + " start of the oldest")
                        .formatted(HistoryQuota.MOST));
    }

    public static Refusal stateUnavailable() {
        return new Refusal(
                503,
                "state-unavailable",
                "The gateway's shared state is unavailable: the tool was not called; seal a new"
                        + " request and try again");
    }

    public static Refusal insufficientScope(Set<String> needed) {
        return new Refusal(
                403,
                "insufficient-scope",
                "The token lacks a scope that this call needs: request a token with all of these"
                        + " scopes from its issuer",
                needed);
    }

    /** No rule allows the call, with any token. */
    public static Refusal notAllowed() {
        return new Refusal(
                403,
                "not-allowed",
                "No rule of the gateway allows this tool with these arguments; a token with other"
                        + " scopes does not change this");
    }
}
