package services.chorus.seqthink.http;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Set;

/**
 * The web origins whose pages may call this gateway from a browser (CORS protocol of the Fetch
 * standard). Cookies and other credentials of the browser are never requested.
 *
 * @param origins as browsers write them, such as {@code https://app.example.org}
 */
public record AllowedOrigins(Set<String> origins) {

    private static final String METHODS = "GET, HEAD, POST";
    private static final String REQUEST_HEADERS =
            "Accept, Authorization, Content-Type, DPoP, Last-Event-ID, Sealed-Envelope";
    private static final String ANSWER_HEADERS =
            "RateLimit, RateLimit-Policy, Retry-After, WWW-Authenticate, X-RateLimit-Limit,"
                    + " X-RateLimit-Remaining, X-RateLimit-Reset";
    private static final String TEN_MINUTES = "600";

    public AllowedOrigins {
        origins = Set.copyOf(origins);
    }

    /** Whether a request has no origin or an allowed one. */
    public boolean admit(HttpServerRequest request) {
        List<String> named = request.headers().getAll(HttpHeaders.ORIGIN);
        return named.isEmpty() || named.size() == 1 && origins.contains(named.getFirst());
    }

    /** Whether a request is a CORS preflight. */
    public static boolean isPreflight(HttpServerRequest request) {
        return request.method() == HttpMethod.OPTIONS
                && request.headers().contains(HttpHeaders.ORIGIN)
                && request.headers().contains(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD);
    }

    /** Adds the CORS headers to the answer of an admitted request. */
    public void addHeaders(HttpServerRequest request, MultiMap answer) {
        if (origins.isEmpty()) {
            return;
        }
        answer.add(HttpHeaders.VARY, "Origin");
        String origin = request.getHeader(HttpHeaders.ORIGIN);
        if (origin == null) {
            return;
        }
        answer.set(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        if (isPreflight(request)) {
            answer.set(HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, METHODS);
            answer.set(HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS, REQUEST_HEADERS);
            answer.set(HttpHeaders.ACCESS_CONTROL_MAX_AGE, TEN_MINUTES);
        } else {
            answer.set(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, ANSWER_HEADERS);
        }
    }
}
