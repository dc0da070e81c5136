package services.chorus.seqthink.http;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.Map;

/**
 * The headers of every answer: no content sniffing, framing, scripts or referrer, and no caching
 * unless a route sets it.
 */
public final class AnswerHeaders {

    private static final String MARK = "X-Content-Type-Options";
    private static final Map<String, String> ALWAYS =
            Map.of(
                    MARK,
                    "nosniff",
                    "X-Frame-Options",
                    "DENY",
                    "Content-Security-Policy",
                    "default-src 'none'",
                    "Referrer-Policy",
                    "no-referrer");
    private static final String A_YEAR = "max-age=31536000";

    private final boolean encrypted;

    /**
     * @param encrypted whether this process terminates TLS; the answers then require TLS from now
     *     on (RFC 6797)
     */
    public AnswerHeaders(boolean encrypted) {
        this.encrypted = encrypted;
    }

    /** Adds the missing headers, just before an answer is written; idempotent. */
    public void complete(MultiMap answer) {
        if (answer.contains(MARK)) {
            return;
        }
        ALWAYS.forEach(answer::set);
        if (encrypted) {
            answer.set("Strict-Transport-Security", A_YEAR);
        }
        if (!answer.contains(HttpHeaders.CACHE_CONTROL)) {
            answer.set(HttpHeaders.CACHE_CONTROL, "no-store");
        }
    }
}
