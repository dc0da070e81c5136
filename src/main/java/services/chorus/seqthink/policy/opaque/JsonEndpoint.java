package services.chorus.seqthink.policy.opaque;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.net.BoundedHttp;
import services.chorus.seqthink.net.NoAnswerException;
import services.chorus.seqthink.policy.opaque.UnansweredException.Problem;

/** Where JSON objects are had for requests; anything else is no answer. */
record JsonEndpoint(BoundedHttp http) {

    ObjectNode ask(HttpRequest request) throws UnansweredException, InterruptedException {
        try {
            HttpResponse<byte[]> answer = http.send(request);
            if (answer.statusCode() != 200) {
                throw new UnansweredException(Problem.WRONG_STATUS);
            }
            return StrictJson.parseObject(answer.body())
                    .orElseThrow(() -> new UnansweredException(Problem.NOT_UNDERSTOOD));
        } catch (NoAnswerException e) {
            throw new UnansweredException(
                    switch (e.why()) {
                        case TIMED_OUT -> Problem.TIMED_OUT;
                        case UNREACHABLE -> Problem.UNREACHABLE;
                    });
        }
    }

    /** A member that must be there and be true or false. */
    static boolean flag(ObjectNode object, String member) throws UnansweredException {
        if (!object.path(member).isBoolean()) {
            throw new UnansweredException(Problem.NOT_UNDERSTOOD);
        }
        return object.path(member).booleanValue();
    }
}
