package services.chorus.seqthink.policy;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpClient.Version;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import services.chorus.seqthink.policy.KeyFetchException.Problem;
import services.chorus.seqthink.settings.Loopback;

/** A JWKS endpoint over https, or over http on loopback. Follows no redirect. */
public final class HttpKeySource implements KeySource {

    /** How long a whole fetch may take, the last byte of the body included. */
    public static final Duration TIMEOUT = Duration.ofSeconds(5);

    private static final int LARGEST = 256 * 1024;
    private static final Pattern MAX_AGE =
            Pattern.compile("(?:^|[,\\s])max-age=\"?(\\d{1,9})\"?(?:$|[,\\s])");

    private final HttpClient.Builder clients =
            HttpClient.newBuilder()
                    .followRedirects(Redirect.NEVER)
                    .version(Version.HTTP_1_1)
                    .executor(Thread::startVirtualThread);
    private final HttpRequest request;
    private final Duration timeout;

    /**
     * An endpoint trusted by the system's certificate authorities.
     *
     * @param timeout for a whole fetch, such as {@link #TIMEOUT}
     * @throws IllegalArgumentException when the URL is neither https nor on loopback
     */
    public HttpKeySource(URI url, Duration timeout) {
        if (!permits(url)) {
            throw new IllegalArgumentException("A JWKS URL must be https, or http on loopback");
        }
        this.request =
                HttpRequest.newBuilder(url)
                        .header("Accept", "application/jwk-set+json, application/json")
                        .build();
        this.timeout = timeout;
    }

    /** The same, trusted by the certificate authorities given ({@code CA_PATH}). */
    public HttpKeySource(URI url, Duration timeout, SSLContext trust) {
        this(url, timeout);
        clients.sslContext(trust);
    }

    /** Whether keys may be read from there: what anyone on the way can change is no key. */
    static boolean permits(URI url) {
        return url.getHost() != null
                && ("https".equals(url.getScheme())
                        || ("http".equals(url.getScheme()) && Loopback.names(url.getHost())));
    }

    /** {@inheritDoc} */
    @Override
    public Document fetch() throws KeyFetchException, InterruptedException {
        // a client for each of these rare fetches: no idle connection to find dead next time
        HttpClient client = clients.build();
        try {
            return document(answer(client));
        } finally {
            client.shutdownNow();
        }
    }

    /** Waits for the future: the request's own timeout would end with the response's head. */
    private HttpResponse<byte[]> answer(HttpClient client)
            throws KeyFetchException, InterruptedException {
        CompletableFuture<HttpResponse<byte[]>> answer =
                client.sendAsync(
                        request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), LARGEST));
        try {
            return answer.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new KeyFetchException(Problem.TIMED_OUT);
        } catch (ExecutionException e) {
            throw new KeyFetchException(Problem.UNREACHABLE);
        }
    }

    private static Document document(HttpResponse<byte[]> answer) throws KeyFetchException {
        if (answer.statusCode() != 200) {
            throw new KeyFetchException(Problem.WRONG_STATUS);
        }
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
