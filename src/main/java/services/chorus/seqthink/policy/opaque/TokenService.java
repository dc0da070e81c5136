package services.chorus.seqthink.policy.opaque;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.flatMapping;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toSet;

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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.policy.FetchException;
import services.chorus.seqthink.policy.FetchException.Problem;
import services.chorus.seqthink.policy.IssuerEndpoint;
import services.chorus.seqthink.policy.ScopePair;

/** A service that knows the claims of opaque tokens. Safe for use by several threads. */
@FunctionalInterface
interface TokenService {

    /**
     * Asks about a token; blocks within its own bounds.
     *
     * @return the claims of an active token, named as in RFC 7662 section 2.2; empty for any other
     * @throws FetchException when there is no usable response
     */
    Optional<ObjectNode> ask(String token) throws FetchException, InterruptedException;

    /**
     * Reads a response.
     *
     * @param flag the boolean member for whether the token is active
     * @return the object; empty when the token is not active
     * @throws FetchException when the response is not an object with this member
     */
    static Optional<ObjectNode> active(HttpResponse<byte[]> answer, String flag)
            throws FetchException {
        ObjectNode object =
                StrictJson.parseObject(answer.body())
                        .filter(read -> read.path(flag).isBoolean())
                        .orElseThrow(() -> new FetchException(Problem.NOT_UNDERSTOOD));
        return Optional.of(object).filter(read -> read.path(flag).booleanValue());
    }

    /** RFC 7662, with the client secret in the Basic scheme (RFC 6749 section 2.3.1). */
    record IntrospectionEndpoint(String clientId, Path secret, IssuerEndpoint endpoint)
            implements TokenService {

        /** The members that are used; the others are not cached. */
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

        /** Reads the file each time, so that a changed secret is used at once. */
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
     * The plain {@code POST /v1/token/validate}: the response to {@code {"token": "..."}} has the
     * members {@code valid}, {@code sub}, {@code username}, {@code roles} and {@code expires_at}, a
     * NumericDate or an RFC 3339 time.
     */
    record ValidationEndpoint(Map<String, Set<String>> scopesByRole, IssuerEndpoint endpoint)
            implements TokenService {

        /**
         * @param pairs {@code role=scope}; a role may have several
         * @param every the scopes that {@code *} grants
         */
        static Map<String, Set<String>> scopesByRole(List<String> pairs, Set<String> every) {
            return pairs.stream()
                    .map(text -> ScopePair.parse(text).orElseThrow())
                    .collect(
                            groupingBy(
                                    ScopePair::name,
                                    flatMapping(
                                            pair ->
                                                    "*".equals(pair.scope())
                                                            ? every.stream()
                                                            : Stream.of(pair.scope()),
                                            toSet())));
        }

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
            claims.put(
                    "scope",
                    roles(answer.path("roles"))
                            .flatMap(role -> scopesByRole.getOrDefault(role, Set.of()).stream())
                            .distinct()
                            .collect(joining(" ")));
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

        private static Stream<String> roles(JsonNode array) throws FetchException {
            boolean readable =
                    array.isMissingNode()
                            || (array.isArray()
                                    && array.valueStream().allMatch(JsonNode::isTextual));
            if (!readable) {
                throw new FetchException(Problem.NOT_UNDERSTOOD);
            }
            return array.valueStream().map(JsonNode::textValue);
        }
    }
}
