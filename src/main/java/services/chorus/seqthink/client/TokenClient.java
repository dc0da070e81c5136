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
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.net.BoundedHttp;
import services.chorus.seqthink.net.CertificateAuthorities;
import services.chorus.seqthink.net.NoAnswerException;
import services.chorus.seqthink.signing.Ed25519Key;

/** Asks an issuer for a token by the client credentials grant (RFC 6749 section 4.4). */
public final class TokenClient {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int LARGEST = 256 * 1024;

    private final BoundedHttp http;
    private final InstantSource clock;

    public TokenClient(CertificateAuthorities authorities, InstantSource clock) {
        this.http = new BoundedHttp(PATIENCE, LARGEST, authorities.context());
        this.clock = clock;
    }

    /** What the issuer of this URL says of itself. */
    public IssuerMetadata discover(String issuer) throws InterruptedException, CallFailed {
        URI location = IssuerMetadata.location(issuer);
        HttpResponse<byte[]> answer = send(HttpRequest.newBuilder(location).GET());
        if (answer.statusCode() != 200) {
            throw new CallFailed(
                    "%s answers %d: is that the URL of an issuer (RFC 8414)?"
                            .formatted(location, answer.statusCode()));
        }
        return IssuerMetadata.read(issuer, object(location, answer));
    }

    /**
     * Asks for a token.
     *
     * @param key what it shall be bound to
     */
    public TokenAnswer ask(
            IssuerMetadata issuer,
            ClientProof client,
            Optional<Ed25519Key> key,
            Optional<String> scope)
            throws InterruptedException, CallFailed {
        HttpResponse<byte[]> answer = post(issuer, client, key, scope, Optional.empty());
        Optional<String> nonce = answer.headers().firstValue("DPoP-Nonce");
        return nonce.isPresent() && TokenAnswer.of(answer).asksForNonce()
                ? TokenAnswer.of(post(issuer, client, key, scope, nonce))
                : TokenAnswer.of(answer);
    }

    private HttpResponse<byte[]> post(
            IssuerMetadata issuer,
            ClientProof client,
            Optional<Ed25519Key> key,
            Optional<String> scope,
            Optional<String> nonce)
            throws InterruptedException, CallFailed {
        HttpRequest.Builder request = HttpRequest.newBuilder(issuer.tokenEndpoint());
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", "client_credentials");
        scope.ifPresent(wanted -> form.put("scope", wanted));
        client.add(issuer, request, form);
        key.map(signer -> proof(issuer.tokenEndpoint(), nonce).sign(signer))
                .ifPresent(proof -> request.header("DPoP", proof));
        return send(
                request.header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(encoded(form))));
    }

    private DpopProof proof(URI endpoint, Optional<String> nonce) {
        // RFC 9449 section 4.2: htu has no query
        String url = endpoint.toString().replaceFirst("\\?.*", "");
        return DpopProof.forToken("POST", url, nonce, clock.instant());
    }

    private HttpResponse<byte[]> send(HttpRequest.Builder builder)
            throws InterruptedException, CallFailed {
        HttpRequest request = builder.header("Accept", "application/json").build();
        try {
            return http.send(request);
        } catch (NoAnswerException e) {
            throw new CallFailed(
                    switch (e.why()) {
                        case TIMED_OUT -> request.uri() + " does not answer in time";
                        case UNREACHABLE ->
                                request.uri()
                                        + " does not answer: check the address, and give --cacert"
                                        + " where its certificate is of an authority of your own";
                    });
        }
    }

    private static ObjectNode object(URI location, HttpResponse<byte[]> answer) throws CallFailed {
        return StrictJson.parseObject(answer.body())
                .orElseThrow(
                        () ->
                                new CallFailed(
                                        location
                                                + " is no JSON object: is that the URL of an issuer"
                                                + " (RFC 8414)?"));
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
