package services.chorus.seqthink.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.net.BoundedHttp;
import services.chorus.seqthink.net.BoundedHttp.NoAnswerException;
import services.chorus.seqthink.net.CertificateAuthorities;
import services.chorus.seqthink.signing.Ed25519Key;

/**
 * Asks issuers for tokens by the client credentials grant (RFC 6749 section 4.4). Its messages
 * repeat nothing of an answer, which a terminal might interpret. Safe for use by several threads.
 */
public final class TokenClient {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int LARGEST = 256 * 1024;

    private final BoundedHttp http;
    private final InstantSource clock;

    /**
     * @param authorities trusted for the issuers' certificates
     */
    public TokenClient(CertificateAuthorities authorities, InstantSource clock) {
        this.http = new BoundedHttp(TIMEOUT, LARGEST, authorities.context());
        this.clock = clock;
    }

    /**
     * @param token a secret
     * @param withheld the scopes that were requested and not granted
     */
    public record Grant(String token, SortedSet<String> withheld) {

        /** Without the token. */
        @Override
        public String toString() {
            return "Grant[hidden]";
        }
    }

    /**
     * Asks for a token.
     *
     * @param issuer its URL; its metadata is found from there (RFC 8414)
     * @param dpopKey to bind the token to
     * @param scope in the form of RFC 6749 section 3.3; empty for all that the client may have
     * @throws CallFailed when the issuer gives none
     */
    public Grant request(
            String issuer, ClientProof client, Optional<Ed25519Key> dpopKey, Optional<String> scope)
            throws InterruptedException, CallFailed {
        IssuerMetadata metadata = discover(issuer);
        HttpResponse<byte[]> answer = ask(metadata, client, dpopKey, scope, Optional.empty());
        Optional<String> nonce = answer.headers().firstValue("DPoP-Nonce");
        // RFC 9449 section 8: the issuer accepts only proofs with its nonce
        if (nonce.isPresent() && text(entity(answer), "error").equals("use_dpop_nonce")) {
            answer = ask(metadata, client, dpopKey, scope, nonce);
        }
        return grant(answer, client, dpopKey.isPresent(), scope);
    }

    private IssuerMetadata discover(String issuer) throws InterruptedException, CallFailed {
        URI location = IssuerMetadata.location(issuer);
        HttpResponse<byte[]> answer = send(HttpRequest.newBuilder(location).GET());
        if (answer.statusCode() != 200) {
            throw new CallFailed(
                    "%s answers with status %d: is --issuer the URL of an issuer?"
                            .formatted(location, answer.statusCode()));
        }
        Optional<ObjectNode> metadata = StrictJson.parseObject(answer.body());
        if (metadata.isEmpty()) {
            throw new CallFailed(
                    location + " is not a JSON object: is --issuer the URL of an issuer?");
        }
        return IssuerMetadata.read(issuer, metadata.get());
    }

    private HttpResponse<byte[]> ask(
            IssuerMetadata issuer,
            ClientProof client,
            Optional<Ed25519Key> dpopKey,
            Optional<String> scope,
            Optional<String> nonce)
            throws InterruptedException, CallFailed {
        Instant now = clock.instant();
        HttpRequest.Builder request = HttpRequest.newBuilder(issuer.tokenEndpoint());
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", "client_credentials");
        scope.ifPresent(wanted -> form.put("scope", wanted));
        client.prove(issuer, now, request, form);
        // RFC 9449 section 4.2: htu has no query
        String url = issuer.tokenEndpoint().toString().replaceFirst("\\?.*", "");
        dpopKey.map(key -> DpopProof.forToken(key, "POST", url, nonce, now))
                .ifPresent(dpop -> request.header("DPoP", dpop));
        return send(
                request.header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(encoded(form))));
    }

    private HttpResponse<byte[]> send(HttpRequest.Builder builder)
            throws InterruptedException, CallFailed {
        HttpRequest request = builder.header("Accept", "application/json").build();
        try {
            return http.send(request);
        } catch (NoAnswerException e) {
            throw new CallFailed(
                    switch (e.why()) {
                        case TIMED_OUT -> request.uri() + " does not answer in time: try again";
                        case UNREACHABLE ->
                                request.uri()
                                        + " does not answer: check the URL, and give --cacert if its"
                                        + " certificate is from your own authority";
                    });
        }
    }

    /** Reads a token endpoint's answer (RFC 6749 sections 5.1 and 5.2). */
    private static Grant grant(
            HttpResponse<byte[]> answer, ClientProof client, boolean bound, Optional<String> scope)
            throws CallFailed {
        ObjectNode entity = entity(answer);
        if (answer.statusCode() != 200) {
            throw new CallFailed(
                    refusal(answer.statusCode(), text(entity, "error"), client.kind(), bound));
        }
        if (!(bound ? "DPoP" : "Bearer").equalsIgnoreCase(text(entity, "token_type"))) {
            throw new CallFailed(
                    bound
                            ? "the issuer does not bind tokens to keys (RFC 9449): omit --dpop-key"
                            : "the issuer gave a token whose type is not Bearer");
        }
        String token = text(entity, "access_token");
        if (!Credentials.isToken(token)) {
            throw new CallFailed("the issuer's answer holds no valid access token");
        }
        SortedSet<String> withheld = new TreeSet<>();
        // section 5.1: an answer without scope grants all of them
        if (scope.isPresent() && !text(entity, "scope").isEmpty()) {
            withheld.addAll(scopes(scope.get()));
            withheld.removeAll(scopes(text(entity, "scope")));
        }
        return new Grant(token, withheld);
    }

    private static String refusal(int status, String error, String kind, boolean bound) {
        return switch (error) {
            case "invalid_client" ->
                    ("the issuer rejects the client's %s: check --client-id and the file, and whether"
                                    + " the client is disabled or has expired")
                            .formatted(kind);
            case "invalid_scope" ->
                    "the client may have none of these scopes: request one that it was added with";
            case "invalid_dpop_proof" ->
                    bound
                            ? "the issuer rejects the proof of --dpop-key: check this machine's clock"
                            : "this client's tokens must be bound to a key: give --dpop-key";
            case "invalid_request" ->
                    "the issuer rejects the request: --age-recipient must be the one that the client"
                            + " was added with";
            case "unauthorized_client", "unsupported_grant_type" ->
                    "the issuer does not allow this client the client credentials grant";
            default ->
                    status == 429 || status == 503
                            ? "the issuer is busy, or received too many requests: try again in a minute"
                            : "the token endpoint answers with status " + status;
        };
    }

    /** The answer's JSON object; an empty one if it has none. */
    private static ObjectNode entity(HttpResponse<byte[]> answer) {
        return StrictJson.parseObject(answer.body()).orElseGet(StrictJson::object);
    }

    private static String text(ObjectNode entity, String member) {
        return entity.path(member).asText();
    }

    private static SortedSet<String> scopes(String text) {
        return new TreeSet<>(Arrays.asList(text.strip().split(" +")));
    }

    private static String encoded(Map<String, String> form) {
        return form.entrySet().stream()
                .map(each -> encoded(each.getKey()) + "=" + encoded(each.getValue()))
                .collect(joining("&"));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, UTF_8);
    }
}
