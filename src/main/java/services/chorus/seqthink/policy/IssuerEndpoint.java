package services.chorus.seqthink.policy;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import services.chorus.seqthink.net.BoundedHttp;
import services.chorus.seqthink.net.BoundedHttp.NoAnswerException;
import services.chorus.seqthink.policy.FetchException.Problem;

/**
 * How issuers are asked over HTTP: whatever is not an answer of status 200 is none. Safe for use by
 * several threads.
 *
 * @param http bounds each answer in size and time
 */
public record IssuerEndpoint(BoundedHttp http) {

    /**
     * Sends a request and waits for the answer.
     *
     * @return an answer of status 200
     * @throws FetchException when there is no such answer
     * @throws InterruptedException when the caller gives up
     */
    public HttpResponse<byte[]> ask(HttpRequest request)
            throws FetchException, InterruptedException {
        try {
            HttpResponse<byte[]> answer = http.send(request);
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
