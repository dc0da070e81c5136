package services.chorus.seqthink.policy;

import java.net.URI;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import services.chorus.seqthink.net.BoundedHttp;

/** A JWKS endpoint over https, or over http on loopback. Follows no redirect. */
public final class HttpKeySource implements KeySource {

    /** How long a whole fetch may take, the last byte of the body included. */
    public static final Duration TIMEOUT = Duration.ofSeconds(5);

    private static final int LARGEST = 256 * 1024;
    private static final Pattern MAX_AGE =
            Pattern.compile("(?:^|[,\\s])max-age=\"?(\\d{1,9})\"?(?:$|[,\\s])");

    private final HttpRequest request;
    private final IssuerEndpoint endpoint;

    /**
     * An endpoint trusted by the system's certificate authorities.
     *
     * @param timeout for a whole fetch, such as {@link #TIMEOUT}
     * @throws IllegalArgumentException when the URL is neither https nor on loopback
     */
    public HttpKeySource(URI url, Duration timeout) {
        this(url, new BoundedHttp(timeout, LARGEST));
    }

    /** The same, trusted by the certificate authorities given ({@code CA_PATH}). */
    public HttpKeySource(URI url, Duration timeout, SSLContext trust) {
        this(url, new BoundedHttp(timeout, LARGEST, trust));
    }

    private HttpKeySource(URI url, BoundedHttp http) {
        if (!BoundedHttp.permits(url)) {
            throw new IllegalArgumentException("A JWKS URL must be https, or http on loopback");
        }
        this.request =
                HttpRequest.newBuilder(url)
                        .header("Accept", "application/jwk-set+json, application/json")
                        .build();
        this.endpoint = new IssuerEndpoint(http);
    }

    @Override
    public Document fetch() throws FetchException, InterruptedException {
        HttpResponse<byte[]> answer = endpoint.ask(request);
        return new Document(
                new String(answer.body(), StandardCharsets.UTF_8), maxAge(answer.headers()));
    }

    /** RFC 9111 section 5.2.2.1. */
    private static Optional<Duration> maxAge(HttpHeaders headers) {
        return headers.firstValue("Cache-Control")
                .map(value -> MAX_AGE.matcher(value.toLowerCase(Locale.ROOT)))
                .filter(Matcher::find)
                .map(matcher -> Duration.ofSeconds(Long.parseLong(matcher.group(1))));
    }
}
