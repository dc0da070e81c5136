package services.chorus.seqthink.policy.opaque;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.policy.FetchException;
import services.chorus.seqthink.policy.FetchException.Problem;
import services.chorus.seqthink.policy.IssuerEndpoint;
import services.chorus.seqthink.policy.ScopePair;

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

    /** RFC 7662, with the client's secret by the Basic scheme (RFC 6749 section 2.3.1). */
    record IntrospectionEndpoint(String clientId, Path secret, IssuerEndpoint endpoint)
            implements TokenService {

        /** What of an answer matters here; the rest is not kept. */
        private static final Set<String> MEMBERS =
                Set.of(
                        "sub",
                        "client_id",
                        "aud",
                        "scope",
                        "exp",
                        "nbf",
                        "jti",
                        "cnf",
                        "age_recipient",
                        "token_type");

        @Override
        public Optional<ObjectNode> ask(String token) throws FetchException, InterruptedException {
            HttpRequest.Builder request =
                    HttpRequest.newBuilder()
                            .header("Accept", "application/json")
                            .header("Content-Type", "application/x-www-form-urlencoded")
                            .header("Authorization", "Basic " + credentials())
                            .POST(
                                    BodyPublishers.ofString(
                                            "token=%s&token_type_hint=access_token"
                                                    .formatted(encode(token))));
            return active(endpoint.send(request), "active").map(answer -> answer.retain(MEMBERS));
        }

        /** Read each time, so that a changed secret is used at once. */
        private String credentials() throws FetchException {
            try {
                String pair = encode(clientId) + ":" + encode(Files.readString(secret).strip());
                return Base64.getEncoder().encodeToString(pair.getBytes(UTF_8));
            } catch (IOException e) {
                throw new FetchException(Problem.NO_SECRET);
            }
        }

        private static String encode(String text) {
            return URLEncoder.encode(text, UTF_8);
        }
    }

    /**
     * The plain form {@code POST /v1/token/validate}: {@code {"token": "..."}} is answered with
     * {@code valid}, {@code sub}, {@code username}, {@code roles} and {@code expires_at}, which is
     * a NumericDate or a time after RFC 3339.
     */
    record ValidationEndpoint(RoleScopes roleScopes, IssuerEndpoint endpoint)
            implements TokenService {

        @Override
        public Optional<ObjectNode> ask(String token) throws FetchException, InterruptedException {
            byte[] body = StrictJson.write(StrictJson.object().put("token", token));
            HttpRequest.Builder request =
                    HttpRequest.newBuilder()
                            .header("Accept", "application/json")
                            .header("Content-Type", "application/json")
                            .POST(BodyPublishers.ofByteArray(body));
            Optional<ObjectNode> valid = active(endpoint.send(request), "valid");
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
                            || (array.isArray()
                                    && array.valueStream().allMatch(JsonNode::isTextual));
            if (!readable) {
                throw new FetchException(Problem.NOT_UNDERSTOOD);
            }
            return array.valueStream().map(JsonNode::textValue).toList();
        }
    }

    /** Which scopes a role grants; a role that is not named grants none. */
    static final class RoleScopes {

        private static final String EVERY = "*";

        private final Map<String, Set<String>> scopes = new HashMap<>();

        /**
         * @param pairs {@code role=scope}; a role may stand in several
         * @param every what {@code *} stands for
         */
        RoleScopes(List<String> pairs, Set<String> every) {
            for (String text : pairs) {
                ScopePair pair = ScopePair.parse(text).orElseThrow();
                scopes.computeIfAbsent(pair.name(), first -> new TreeSet<>())
                        .addAll(pair.scope().equals(EVERY) ? every : Set.of(pair.scope()));
            }
        }

        Set<String> of(List<String> roles) {
            Set<String> all = new TreeSet<>();
            roles.forEach(role -> all.addAll(scopes.getOrDefault(role, Set.of())));
            return all;
        }
    }
}
