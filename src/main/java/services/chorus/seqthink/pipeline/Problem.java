package services.chorus.seqthink.pipeline;

/**
 * Everything that is ever said outside a seal about a request that failed: a status, a stable code
 * for programs and a fixed sentence for people (RFC 9457). Nothing of the request is in it.
 */
public enum Problem {
    MALFORMED(
            400,
            "malformed",
            "The request could not be opened or read. Seal a JSON object to a current recipient of"
                    + " this service, with an envelope for this token and this URL."),
    ENVELOPE_REQUIRED(
            400,
            "envelope-required",
            "The request carries no envelope. Seal request_id, issued_at, ath, to and reply_to with"
                    + " it; a stream is asked for with them in the header Sealed-Envelope."),
    BAD_REQUEST(400, "bad-request", "The HTTP request is not well formed."),
    UNAUTHORIZED(
            401,
            "unauthorized",
            "A valid access token is required, with a DPoP proof where it is bound to a key;"
                    + " WWW-Authenticate says what is wrong."),
    INSUFFICIENT_SCOPE(
            403,
            "insufficient-scope",
            "The token lacks the scope that WWW-Authenticate names; ask its issuer for it."),
    WRONG_ORIGIN(
            403,
            "wrong-origin",
            "Pages of this origin may not call this service; its operator names those that may in"
                    + " ALLOWED_ORIGINS."),
    NOT_FOUND(404, "not-found", "There is nothing at this path."),
    METHOD_NOT_ALLOWED(405, "method-not-allowed", "This path takes the methods in Allow."),
    NOT_ACCEPTABLE(406, "not-acceptable", "Nothing here has a form that Accept allows."),
    TOO_SLOW(408, "too-slow", "The body took too long to arrive. Send the request again."),
    TOO_LARGE(413, "too-large", "The body is larger than this service takes."),
    UNSUPPORTED_MEDIA_TYPE(
            415,
            "unsupported-media-type",
            "Send the body as application/age, without a content encoding."),
    WRONG_HOST(
            421,
            "wrong-host",
            "This service does not go by the host that was asked for. Call it by its public URL, or"
                    + " have its operator name the host in ALLOWED_HOSTS."),
    KEY_CONFIG(
            422,
            "key-config",
            "No key of this service opens the request. Fetch its recipients again, seal again and"
                    + " send again; nothing was done."),
    RATE_LIMITED(
            429,
            "rate-limited",
            "This caller has made as many requests as it may. Try again after Retry-After seconds."),
    TOO_MANY_FAILURES(
            429,
            "too-many-failures",
            "Too many requests from this address came without a valid token, and this is one more."
                    + " Send one with a valid token, or try again after Retry-After seconds."),
    INTERNAL(500, "internal", "Something went wrong here; it has been logged."),
    BUSY(503, "busy", "Too much is being worked on. Try again after Retry-After seconds."),
    KEYS_UNAVAILABLE(
            503,
            "keys-unavailable",
            "The issuer's keys, or its word on this token, cannot be had just now. Try again after"
                    + " Retry-After seconds."),
    REPLAY_GUARD_FULL(
            503,
            "replay-guard-full",
            "As many DPoP proofs of this caller are remembered as may be. Try again with a new one"
                    + " after Retry-After seconds."),
    STATE_UNAVAILABLE(
            503,
            "state-unavailable",
            "Whether this was sent before cannot be told just now; nothing was done. Try again with"
                    + " a new DPoP proof after Retry-After seconds."),
    AUDIT_UNAVAILABLE(
            503,
            "audit-unavailable",
            "Requests cannot be audited just now. Try again after Retry-After seconds; a call that"
                    + " was under way may have had its effect.");

    private final int status;
    private final String code;
    private final String detail;

    Problem(int status, String code, String detail) {
        this.status = status;
        this.code = code;
        this.detail = detail;
    }

    /** The problem for a status that the HTTP layer answered by itself. */
    public static Problem ofStatus(int status) {
        return switch (status) {
            case 404 -> NOT_FOUND;
            case 405 -> METHOD_NOT_ALLOWED;
            case 406 -> NOT_ACCEPTABLE;
            case 413 -> TOO_LARGE;
            case 415 -> UNSUPPORTED_MEDIA_TYPE;
            default -> status < 500 ? BAD_REQUEST : INTERNAL;
        };
    }

    public int status() {
        return status;
    }

    public String code() {
        return code;
    }

    public String detail() {
        return detail;
    }
}
