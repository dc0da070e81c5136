package services.chorus.seqthink.policy;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import services.chorus.seqthink.net.BoundedHttp;
import services.chorus.seqthink.net.BoundedHttp.NoAnswerException;
import services.chorus.seqthink.policy.FetchException.Problem;

/**
 * An endpoint of an issuer. Safe for use by several threads.
 *
 * @param http bounds each answer in size and time
 */
public record IssuerEndpoint(URI url, BoundedHttp http) {

    /**
     * @throws IllegalArgumentException when the URL is neither https nor on loopback
     */
    public IssuerEndpoint {
        if (!BoundedHttp.permits(url)) {
            throw new IllegalArgumentException("An issuer's URL must be https, or on loopback");
        }
    }

    /**
     * Fetches the document at the URL.
     *
     * @param accept the media types wanted
     * @return an answer of status 200
     * @throws FetchException when there is no such answer
     */
    public HttpResponse<byte[]> get(String accept) throws FetchException, InterruptedException {
        return send(HttpRequest.newBuilder().header("Accept", accept));
    }

    /**
     * Sends a request to the URL and waits for the answer.
     *
     * @return an answer of status 200
     * @throws FetchException when there is no such answer
     */
    public HttpResponse<byte[]> send(HttpRequest.Builder request)
            throws FetchException, InterruptedException {
        try {
            HttpResponse<byte[]> answer = http.send(request.uri(url).build());
            if (answer.statusCode() != 200) {
                throw new FetchException(Problem.WRONG_STATUS);
            }
            return answer;
        } catch (NoAnswerException e) {
            throw new FetchException(
                    switch (e.why()) {
                        case TIMED_OUT -> Problem.TIMED_OUT;
                        case UNREACHABLE -> Problem.UNREACHABLE;
                    });
        }
    }
}
