package services.chorus.seqthink.issuer;

import services.chorus.seqthink.telemetry.Denial;

/**
 * The errors of the endpoints (RFC 6749 section 5.2, RFC 7009 section 2.2.1, RFC 8707 section 2,
 * RFC 9449 section 5), and what they are met with.
 */
enum TokenError {
    INVALID_REQUEST(400, Denial.INVALID_REQUEST),
    INVALID_CLIENT(401, Denial.INVALID_CLIENT),
    INVALID_SCOPE(400, Denial.INVALID_SCOPE),
    INVALID_TARGET(400, Denial.INVALID_TARGET),
    INVALID_DPOP_PROOF(400, Denial.INVALID_DPOP_PROOF),
    UNAUTHORIZED_CLIENT(400, Denial.UNAUTHORIZED_CLIENT),
    UNSUPPORTED_GRANT_TYPE(400, Denial.UNSUPPORTED_GRANT_TYPE),
    TOO_MANY_REQUESTS(429, Denial.TEMPORARILY_UNAVAILABLE),
    TEMPORARILY_UNAVAILABLE(503, Denial.TEMPORARILY_UNAVAILABLE);

    private final int status;
    private final Denial denial;

    TokenError(int status, Denial denial) {
        this.status = status;
        this.denial = denial;
    }

    int status() {
        return status;
    }

    /** The answer's {@code error}. */
    String code() {
        return denial.code();
    }

    /** What it counts as where a token was asked for. */
    Denial denial() {
        return denial;
    }
}
