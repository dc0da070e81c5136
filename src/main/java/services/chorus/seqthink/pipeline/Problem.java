package services.chorus.seqthink.pipeline;

/**
 * The problems that are reported outside a seal (RFC 9457): a status, a stable code for programs
 * and a fixed text for people. None contains data from the request.
 */
public enum Problem {
    MALFORMED(
            400,
            "malformed",
            "The request could not be decrypted, or is not valid. Seal a JSON object to a current"
                    + " recipient of this gateway, with an envelope for this token and this URL."),
    ENVELOPE_REQUIRED(
            400,
            "envelope-required",
            "The request has no envelope. Add request_id, issued_at, ath, to and reply_to to the"
                    + " sealed JSON object; for a stream, send it in the header Sealed-Envelope."),
    BAD_REQUEST(400, "bad-request", "The HTTP request is malformed."),
    UNAUTHORIZED(
            401,
            "unauthorized",
            "A valid access token is required, and a DPoP proof if the token is bound to a key. See"
                    + " WWW-Authenticate for the reason."),
    INSUFFICIENT_SCOPE(
            403,
            "insufficient-scope",
            "The token lacks the scope in WWW-Authenticate. Request that scope from the token's"
                    + " issuer."),
    WRONG_ORIGIN(
            403,
            "wrong-origin",
            "Web pages of this origin may not call this gateway. Its operator can add the origin to"
                    + " ALLOWED_ORIGINS."),
    NOT_FOUND(404, "not-found", "There is no resource at this path."),
    METHOD_NOT_ALLOWED(
            405, "method-not-allowed", "This path does not support the method. See Allow."),
    NOT_ACCEPTABLE(406, "not-acceptable", "The response has no representation that Accept allows."),
    TOO_SLOW(408, "too-slow", "The body took too long to arrive. Send the request again."),
    TOO_LARGE(413, "too-large", "The body is larger than this gateway accepts."),
    UNSUPPORTED_MEDIA_TYPE(
            415,
            "unsupported-media-type",
            "Send the body in the media type of this path, without a content encoding."),
    WRONG_HOST(
            421,
            "wrong-host",
            "This gateway does not serve the requested host. Use its public URL, or have its"
                    + " operator add the host to ALLOWED_HOSTS."),
    KEY_CONFIG(
            422,
            "key-config",
            "No key of this gateway can decrypt the request, and nothing was executed. Fetch the"
                    + " recipients again, then seal and send the request again."),
    RATE_LIMITED(
            429,
            "rate-limited",
            "This caller has reached its request limit. Try again after Retry-After seconds."),
    TOO_MANY_FAILURES(
            429,
            "too-many-failures",
            "Too many requests without a valid token came from this address. Send a valid token, or"
                    + " try again after Retry-After seconds."),
    CALLER_BUSY(
            429,
            "caller-busy",
            "This caller has used its share of the calls in progress, of the memory for bodies, or"
                    + " of the streams. Try again after Retry-After seconds, or when its other requests"
                    + " have ended."),
    INTERNAL(500, "internal", "The gateway failed to process the request and has logged an error."),
    BUSY(503, "busy", "The gateway is overloaded. Try again after Retry-After seconds."),
    KEYS_UNAVAILABLE(
            503,
            "keys-unavailable",
            "The token cannot be verified because its issuer is unavailable. Try again after"
                    + " Retry-After seconds."),
    REPLAY_GUARD_FULL(
            503,
            "replay-guard-full",
            "This caller has used too many DPoP proofs in a short time. Try again with a new proof"
                    + " after Retry-After seconds."),
    STATE_UNAVAILABLE(
            503,
            "state-unavailable",
            "The gateway cannot check whether the DPoP proof was used before, and executed nothing."
                    + " Try again with a new proof after Retry-After seconds."),
    AUDIT_UNAVAILABLE(
            503,
            "audit-unavailable",
            "The audit log is unavailable. Try again after Retry-After seconds; a call in progress"
                    + " may have had its effect.");

    private final int status;
    private final String code;
    private final String detail;

    Problem(int status, String code, String detail) {
        this.status = status;
        this.code = code;
        this.detail = detail;
    }

    /** The problem for a status that the HTTP layer chose. */
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
