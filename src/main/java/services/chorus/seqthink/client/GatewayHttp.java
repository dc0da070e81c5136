package services.chorus.seqthink.client;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import services.chorus.seqthink.json.StrictBase64;
import services.chorus.seqthink.net.CertificateAuthorities;
import services.chorus.seqthink.protocol.RecipientsDocument;

/**
 * A gateway's routes over HTTP. Follows no redirect, which would send the token to another server.
 * Its responses are not verified. Safe for use by several threads.
 */
final class GatewayHttp implements AutoCloseable {

    /** The most bytes of a body, or of one event of a stream. */
    static final int LARGEST = 64 * 1024 * 1024;

    private static final Duration CONNECT = Duration.ofSeconds(10);

    private final HttpClient http;
    private final String url;
    private final Duration timeout;

    /**
     * @param url without a slash at its end
     * @param timeout of each answer
     */
    GatewayHttp(String url, Duration timeout, CertificateAuthorities authorities) {
        this.url = url;
        this.timeout = timeout;
        this.http =
                HttpClient.newBuilder()
                        // with HTTP/2 the end of a stream is lost when the gateway closes the
                        // connection right after it (JDK-8374534)
                        .version(HttpClient.Version.HTTP_1_1)
                        .sslContext(authorities.context())
                        .connectTimeout(CONNECT)
                        .build();
    }

    HttpResponse<byte[]> post(String route, Credentials caller, byte[] sealed)
            throws InterruptedException, CallFailed {
        HttpRequest request =
                authorized("POST", route, caller, sealed)
                        .header("Content-Type", "application/age")
                        .POST(BodyPublishers.ofByteArray(sealed))
                        .build();
        return answer(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), LARGEST));
    }

    /** Returns when the head has arrived; the caller closes the body. */
    HttpResponse<InputStream> stream(String route, Credentials caller, byte[] sealed)
            throws InterruptedException, CallFailed {
        HttpRequest request =
                authorized("GET", route, caller, sealed)
                        .header("Accept", "text/event-stream")
                        .header("Sealed-Envelope", StrictBase64.encode(sealed))
                        .GET()
                        .build();
        return answer(request, BodyHandlers.ofInputStream());
    }

    /** Fetches the document that {@link RecipientsDocument#verify} reads. */
    String recipients() throws InterruptedException, CallFailed {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(url + RecipientsDocument.PATH))
                        .header("Accept", RecipientsDocument.MEDIA_TYPE)
                        .GET()
                        .build();
        HttpResponse<String> response =
                answer(
                        request,
                        BodyHandlers.limiting(
                                BodyHandlers.ofString(US_ASCII), RecipientsDocument.LARGEST));
        return switch (response.statusCode()) {
            case 200 -> response.body();
            case 404 ->
                    throw new CallFailed(
                            url
                                    + " does not advertise recipients: ask its operator for them and"
                                    + " give them with -r or -R");
            default ->
                    throw new CallFailed(
                            "%s answers with status %d: check the URL and try again, or give the"
                                    + " recipients with -r or -R"
                                            .formatted(request.uri(), response.statusCode()));
        };
    }

    /** Aborts the requests in progress. */
    @Override
    public void close() {
        http.shutdownNow();
    }

    private HttpRequest.Builder authorized(
            String method, String route, Credentials caller, byte[] sealed) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + route));
        caller.authorize(request, method, url + route, sealed);
        return request;
    }

    private <T> HttpResponse<T> answer(HttpRequest request, BodyHandler<T> body)
            throws InterruptedException, CallFailed {
        try {
            return http.sendAsync(request, body).get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new CallFailed(
                    "%s does not answer within %d s: try again"
                            .formatted(request.uri(), timeout.toSeconds()));
        } catch (ExecutionException e) {
            throw new CallFailed(request.uri() + " does not answer: " + reason(e.getCause()));
        }
    }

    private static String reason(Throwable cause) {
        return switch (cause) {
            case SSLException _ ->
                    "no TLS connection; if its certificate is from your own authority, give it with"
                            + " --cacert";
            case ConnectException e when e.getCause() instanceof UnresolvedAddressException ->
                    "there is no such host; check the URL";
            case ConnectException _ -> "it accepts no connection; check host, port and network";
            default -> "the connection broke; try again";
        };
    }
}
