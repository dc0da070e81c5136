package services.chorus.seqthink.policy;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A JWKS endpoint. Follows no redirect.
 *
 * @param endpoint with {@link #TIMEOUT} and {@link #LARGEST} or other bounds
 */
public record HttpKeySource(IssuerEndpoint endpoint) implements KeySource {

    /** How long a whole fetch may take, the last byte of the body included. */
    public static final Duration TIMEOUT = Duration.ofSeconds(5);

    /** The longest accepted document, in bytes. */
    public static final int LARGEST = 256 * 1024;

    private static final Pattern MAX_AGE =
            Pattern.compile("(?:^|[,\\s])max-age=\"?(\\d{1,9})\"?(?:$|[,\\s])");

    @Override
    public Document fetch() throws FetchException, InterruptedException {
        HttpResponse<byte[]> answer = endpoint.get("application/jwk-set+json, application/json");
        return new Document(new String(answer.body(), UTF_8), maxAge(answer.headers()));
    }

    /** RFC 9111 section 5.2.2.1. */
    private static Optional<Duration> maxAge(HttpHeaders headers) {
        return headers.firstValue("Cache-Control")
                .map(value -> MAX_AGE.matcher(value.toLowerCase(Locale.ROOT)))
                .filter(Matcher::find)
                .map(matcher -> Duration.ofSeconds(Long.parseLong(matcher.group(1))));
    }
}
