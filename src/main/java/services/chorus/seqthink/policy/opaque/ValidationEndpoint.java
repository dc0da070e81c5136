package services.chorus.seqthink.policy.opaque;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.policy.FetchException;
import services.chorus.seqthink.policy.FetchException.Problem;
import services.chorus.seqthink.policy.IssuerEndpoint;

/**
 * The plain form {@code POST /v1/token/validate}: {@code {"token": "..."}} is answered with {@code
 * valid}, {@code sub}, {@code username}, {@code roles} and {@code expires_at}, which is a
 * NumericDate or a time after RFC 3339.
 */
record ValidationEndpoint(URI url, RoleScopes roleScopes, IssuerEndpoint endpoint)
        implements TokenService {

    @Override
    public Optional<ObjectNode> ask(String token) throws FetchException, InterruptedException {
        byte[] body = StrictJson.write(StrictJson.object().put("token", token));
        HttpRequest request =
                HttpRequest.newBuilder(url)
                        .header("Accept", "application/json")
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofByteArray(body))
                        .build();
        Optional<ObjectNode> valid = TokenService.active(endpoint.ask(request), "valid");
        return valid.isEmpty() ? valid : Optional.of(claims(valid.get()));
    }

    private ObjectNode claims(ObjectNode answer) throws FetchException {
        ObjectNode claims = StrictJson.object();
        claims.put("scope", String.join(" ", roleScopes.of(roles(answer.path("roles")))));
        if (answer.has("sub")) {
            claims.set("sub", answer.get("sub"));
        }
        if (answer.has("expires_at")) {
            claims.set("exp", end(answer.get("expires_at")));
        }
        return claims;
    }

    private static JsonNode end(JsonNode time) throws FetchException {
        if (!time.isTextual()) {
            return time;
        }
        try {
            long seconds = OffsetDateTime.parse(time.textValue()).toEpochSecond();
            return StrictJson.object().numberNode(seconds);
        } catch (DateTimeParseException e) {
            throw new FetchException(Problem.NOT_UNDERSTOOD);
        }
    }

    private static List<String> roles(JsonNode array) throws FetchException {
        boolean readable =
                array.isMissingNode()
                        || (array.isArray() && array.valueStream().allMatch(JsonNode::isTextual));
        if (!readable) {
            throw new FetchException(Problem.NOT_UNDERSTOOD);
        }
        return array.valueStream().map(JsonNode::textValue).toList();
    }
}
