package services.chorus.seqthink.issuer;

import java.time.Duration;
import java.util.Optional;

/** A request of a client that gets nothing. The message is for the client, and repeats no input. */
final class TokenRefused extends Exception {

    private final TokenError error;
    private final Optional<Duration> retryAfter;

    TokenRefused(TokenError error, String message) {
        this(error, message, Optional.empty());
    }

    private TokenRefused(TokenError error, String message, Optional<Duration> retryAfter) {
        super(message);
        this.error = error;
        this.retryAfter = retryAfter;
    }

    /** What may be had a moment later. */
    static TokenRefused forNow(String message) {
        return new TokenRefused(
                TokenError.TEMPORARILY_UNAVAILABLE, message, Optional.of(Duration.ofSeconds(1)));
    }

    /**
     * What was asked for too often.
     *
     * @param wait how long not to ask; rounded up
     */
    static TokenRefused tooMany(String message, Duration wait) {
        long seconds = Math.ceilDiv(wait.toNanos(), Duration.ofSeconds(1).toNanos());
        return new TokenRefused(
                TokenError.TOO_MANY_REQUESTS,
                message + ": try again after Retry-After seconds",
                Optional.of(Duration.ofSeconds(seconds)));
    }

    TokenError error() {
        return error;
    }

    /** After how many whole seconds to try again. */
    Optional<Duration> retryAfter() {
        return retryAfter;
    }
}
