package services.chorus.seqthink.issuer;

import java.time.Duration;
import java.util.Optional;
import services.chorus.seqthink.telemetry.Denial;

/**
 * An error response to a client (RFC 6749 section 5.2). The message is sent to the client and
 * repeats no input.
 */
final class OAuthException extends Exception {

    /**
     * The errors of the endpoints (RFC 6749 section 5.2, RFC 7009 section 2.2.1, RFC 8707 section
     * 2, RFC 9449 section 5).
     */
    enum Code {
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

        Code(int status, Denial denial) {
            this.status = status;
            this.denial = denial;
        }

        int status() {
            return status;
        }

        /** What a token request counts as; its code is the response's {@code error}. */
        Denial denial() {
            return denial;
        }
    }

    private final Code code;
    private final Optional<Duration> retryAfter;

    OAuthException(Code code, String message) {
        this(code, message, Optional.empty());
    }

    private OAuthException(Code code, String message, Optional<Duration> retryAfter) {
        super(message);
        this.code = code;
        this.retryAfter = retryAfter;
    }

    /** The same request may succeed a second later. */
    static OAuthException forNow(String message) {
        return new OAuthException(
                Code.TEMPORARILY_UNAVAILABLE, message, Optional.of(Duration.ofSeconds(1)));
    }

    /**
     * Too many requests.
     *
     * @param wait until the next one; rounded up to whole seconds
     */
    static OAuthException tooMany(String message, Duration wait) {
        long seconds = Math.ceilDiv(wait.toNanos(), Duration.ofSeconds(1).toNanos());
        return new OAuthException(
                Code.TOO_MANY_REQUESTS,
                message + ": try again after Retry-After seconds",
                Optional.of(Duration.ofSeconds(seconds)));
    }

    Code code() {
        return code;
    }

    /** In whole seconds. */
    Optional<Duration> retryAfter() {
        return retryAfter;
    }
}
