package services.chorus.seqthink.policy.opaque;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import services.chorus.seqthink.policy.FetchException;
import services.chorus.seqthink.policy.FetchException.Problem;
import services.chorus.seqthink.policy.IssuerEndpoint;

/** RFC 7662, with the client's secret by the Basic scheme (RFC 6749 section 2.3.1). */
record IntrospectionEndpoint(URI url, String clientId, Path secret, IssuerEndpoint endpoint)
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
        HttpRequest request =
                HttpRequest.newBuilder(url)
                        .header("Accept", "application/json")
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .header("Authorization", "Basic " + credentials())
                        .POST(
                                BodyPublishers.ofString(
                                        "token=%s&token_type_hint=access_token"
                                                .formatted(encode(token))))
                        .build();
        return TokenService.active(endpoint.ask(request), "active")
                .map(answer -> answer.retain(MEMBERS));
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
