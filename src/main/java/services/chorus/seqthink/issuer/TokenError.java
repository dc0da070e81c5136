package services.chorus.seqthink.issuer;

import java.util.Locale;

/**
 * The error codes of the endpoints (RFC 6749 section 5.2, RFC 7009 section 2.2.1, RFC 8707 section
 * 2, RFC 9449 section 5).
 */
enum TokenError {
    INVALID_REQUEST(400),
    INVALID_CLIENT(401),
    INVALID_SCOPE(400),
    INVALID_TARGET(400),
    INVALID_DPOP_PROOF(400),
    UNAUTHORIZED_CLIENT(400),
    UNSUPPORTED_GRANT_TYPE(400),
    TEMPORARILY_UNAVAILABLE(503);

    private final int status;

    TokenError(int status) {
        this.status = status;
    }

    int status() {
        return status;
    }

    String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
