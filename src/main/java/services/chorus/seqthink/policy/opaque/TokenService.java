package services.chorus.seqthink.policy.opaque;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpResponse;
import java.util.Optional;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.policy.FetchException;
import services.chorus.seqthink.policy.FetchException.Problem;

/** Whoever knows what an opaque token is worth. Safe for use by several threads. */
@FunctionalInterface
interface TokenService {

    /**
     * Asks about a token; blocks within bounds of its own.
     *
     * @return the claims of a token that is active, named as in RFC 7662 section 2.2 whoever says
     *     so; empty for any other
     * @throws FetchException when there is no answer that can be relied on
     */
    Optional<ObjectNode> ask(String token) throws FetchException, InterruptedException;

    /**
     * Reads an answer.
     *
     * @param flag the member that says whether the token is active
     * @return the object; empty when it says that the token is not
     * @throws FetchException when it is no object, or does not say
     */
    static Optional<ObjectNode> active(HttpResponse<byte[]> answer, String flag)
            throws FetchException {
        ObjectNode object =
                StrictJson.parseObject(answer.body())
                        .filter(read -> read.path(flag).isBoolean())
                        .orElseThrow(() -> new FetchException(Problem.NOT_UNDERSTOOD));
        return Optional.of(object).filter(read -> read.path(flag).booleanValue());
    }
}
