package services.chorus.seqthink.net;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import services.chorus.seqthink.config.Loopback;
import services.chorus.seqthink.net.BoundedHttp.NoAnswerException.Why;

/**
 * An HTTP client with bounds on the time and the size of a response. Follows no redirect. Safe for
 * use by several threads.
 */
public final class BoundedHttp {

    private final HttpClient.Builder clients =
            HttpClient.newBuilder()
                    .followRedirects(Redirect.NEVER)
                    .version(Version.HTTP_1_1)
                    .executor(Thread::startVirtualThread);
    private final Duration timeout;
    private final int mostBytes;

    /**
     * Trusts the system's certificate authorities.
     *
     * @param timeout of a complete response, including its body
     * @param mostBytes of a response's body
     */
    public BoundedHttp(Duration timeout, int mostBytes) {
        this.timeout = timeout;
        this.mostBytes = mostBytes;
    }

    /** Trusts the given certificate authorities ({@code CA_PATH}). */
    public BoundedHttp(Duration timeout, int mostBytes, SSLContext trust) {
        this(timeout, mostBytes);
        clients.sslContext(trust);
    }

    /** Whether a URL is protected in transit: https, or http to a loopback host. */
    public static boolean permits(URI url) {
        return url.getHost() != null
                && ("https".equals(url.getScheme())
                        || ("http".equals(url.getScheme()) && Loopback.names(url.getHost())));
    }

    /**
     * Sends a request and waits for the complete response, whatever its status.
     *
     * @throws NoAnswerException when there is none within the bounds
     * @throws InterruptedException when the calling thread is interrupted
     */
    public HttpResponse<byte[]> send(HttpRequest request)
            throws NoAnswerException, InterruptedException {
        // these requests are rare: a new client each time has no stale connection
        HttpClient client = clients.build();
        try {
            // HttpRequest.timeout would not cover the body
            return client.sendAsync(
                            request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), mostBytes))
                    .get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new NoAnswerException(Why.TIMED_OUT);
        } catch (ExecutionException e) {
            throw new NoAnswerException(Why.UNREACHABLE);
        } finally {
            client.shutdownNow();
        }
    }

    /** No response within the bounds; carries nothing of a response. */
    public static final class NoAnswerException extends Exception {

        /** Why there is no response. */
        public enum Why {
            /** The response was not complete in time. */
            TIMED_OUT,
            /** No connection could be made, it broke, or the body was too long. */
            UNREACHABLE
        }

        private final Why why;

        NoAnswerException(Why why) {
            super(why.name(), null, false, false);
            this.why = why;
        }

        public Why why() {
            return why;
        }
    }
}
