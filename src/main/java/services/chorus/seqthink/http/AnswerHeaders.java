package services.chorus.seqthink.http;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.Map;

/**
 * The headers of every answer: none is ever to be guessed at, framed, run, or kept by a cache that
 * was not told to keep it.
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
     * @param encrypted whether this process ends TLS itself, and so can ask for nothing but TLS
     *     from now on (RFC 6797)
     */
    public AnswerHeaders(boolean encrypted) {
        this.encrypted = encrypted;
    }

    /**
     * Adds what an answer lacks, just before its head is written; a second time changes nothing.
     */
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
