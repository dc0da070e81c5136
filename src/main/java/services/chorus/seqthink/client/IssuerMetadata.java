package services.chorus.seqthink.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import services.chorus.seqthink.net.BoundedHttp;
import services.chorus.seqthink.policy.SignatureAlgorithm;

/**
 * The part of an issuer's metadata that a client needs (RFC 8414 section 2).
 *
 * @param url the issuer identifier
 * @param tokenEndpoint https, or on loopback
 * @param methods by which clients may authenticate
 * @param algorithms of assertions; empty when the issuer names none
 */
record IssuerMetadata(String url, URI tokenEndpoint, Set<String> methods, Set<String> algorithms) {

    private static final String WELL_KNOWN = "/.well-known/oauth-authorization-server";

    /**
     * The URL of the metadata: the well-known path stands before the issuer's own (section 3.1).
     *
     * @throws CallFailed when the issuer cannot be asked safely
     */
    static URI location(String issuer) throws CallFailed {
        Optional<URI> url =
                safeUri(issuer)
                        .filter(uri -> uri.getRawQuery() == null && uri.getRawFragment() == null);
        if (url.isEmpty()) {
            throw new CallFailed(
                    "--issuer must be an https URL, or http on loopback, such as"
                            + " https://tokens.example");
        }
        return url.get().resolve(WELL_KNOWN + url.get().getRawPath().replaceFirst("/$", ""));
    }

    /**
     * @throws CallFailed when the metadata is another issuer's (section 3.3)
     */
    static IssuerMetadata read(String issuer, ObjectNode metadata) throws CallFailed {
        if (!issuer.equals(metadata.path("issuer").textValue())) {
            throw new CallFailed(
                    location(issuer)
                            + " is the metadata of another issuer: give --issuer exactly as in the"
                            + " iss of its tokens");
        }
        Optional<URI> tokenEndpoint = safeUri(metadata.path("token_endpoint").asText());
        if (tokenEndpoint.isEmpty()) {
            throw new CallFailed(
                    "the metadata of %s names no token endpoint with an https URL"
                            .formatted(issuer));
        }
        return new IssuerMetadata(
                issuer,
                tokenEndpoint.get(),
                // the default of section 2
                texts(metadata.path("token_endpoint_auth_methods_supported"))
                        .orElse(Set.of("client_secret_basic")),
                texts(metadata.path("token_endpoint_auth_signing_alg_values_supported"))
                        .orElse(Set.of()));
    }

    /**
     * @param instead the option that selects the other method
     */
    void requireMethod(String method, String instead) throws CallFailed {
        if (!methods.contains(method)) {
            throw new CallFailed("%s does not support %s: use %s".formatted(url, method, instead));
        }
    }

    /** The first of these algorithms that the issuer accepts. */
    SignatureAlgorithm algorithmOf(Set<SignatureAlgorithm> usable) throws CallFailed {
        for (SignatureAlgorithm each : usable) {
            if (algorithms.isEmpty() || algorithms.contains(each.jwsName())) {
                return each;
            }
        }
        throw new CallFailed(
                url
                        + " does not support the algorithms of this key: register a key of another"
                        + " kind");
    }

    private static Optional<URI> safeUri(String text) {
        try {
            return Optional.of(URI.create(text)).filter(BoundedHttp::permits);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Optional<Set<String>> texts(JsonNode list) {
        return list.isArray()
                ? Optional.of(list.valueStream().map(JsonNode::asText).collect(Collectors.toSet()))
                : Optional.empty();
    }
}
