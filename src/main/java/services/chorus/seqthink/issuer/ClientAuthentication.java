package services.chorus.seqthink.issuer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static services.chorus.seqthink.issuer.OAuthException.Code.INVALID_CLIENT;
import static services.chorus.seqthink.issuer.OAuthException.Code.INVALID_REQUEST;

import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import services.chorus.seqthink.issuer.clients.ClientAssertion;
import services.chorus.seqthink.issuer.clients.ClientCredentials;
import services.chorus.seqthink.issuer.clients.ClientSecret;

/**
 * Reads the credentials of a request: {@code private_key_jwt} (RFC 7523 section 2.2), {@code
 * client_secret_basic} or {@code client_secret_post} (RFC 6749 section 2.3.1), and only one of
 * them.
 */
final class ClientAuthentication {

    /** RFC 8414 section 2. */
    static final List<String> METHODS =
            List.of("private_key_jwt", "client_secret_basic", "client_secret_post");

    private static final String BASIC = "Basic ";
    private static final String JWT_BEARER =
            "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    private ClientAuthentication() {}

    /**
     * @param authorization the {@code Authorization} headers
     * @param endpoint the URL of the endpoint
     */
    static ClientCredentials read(List<String> authorization, FormBody form, String endpoint)
            throws OAuthException {
        boolean asserts =
                form.bytes("client_assertion").isPresent()
                        || form.bytes("client_assertion_type").isPresent();
        int methods =
                authorization.size()
                        + (asserts ? 1 : 0)
                        + (form.bytes("client_secret").isPresent() ? 1 : 0);
        if (methods > 1) {
            throw new OAuthException(INVALID_REQUEST, "Use only one authentication method");
        }
        if (!asserts && authorization.isEmpty()) {
            return posted(form);
        }
        ClientCredentials credentials =
                asserts ? assertion(form, endpoint) : basic(authorization.getFirst());
        Optional<String> named = form.text("client_id");
        if (named.isPresent() && !named.get().equals(credentials.clientId())) {
            credentials.close();
            throw new OAuthException(
                    INVALID_REQUEST, "client_id is not the client of the credentials");
        }
        return credentials;
    }

    private static ClientCredentials assertion(FormBody form, String endpoint)
            throws OAuthException {
        if (!form.text("client_assertion_type").equals(Optional.of(JWT_BEARER))) {
            throw new OAuthException(
                    INVALID_REQUEST, "client_assertion_type must be " + JWT_BEARER);
        }
        return form.bytes("client_assertion")
                .flatMap(jwt -> ClientAssertion.read(jwt, endpoint))
                .orElseThrow(
                        () ->
                                new OAuthException(
                                        INVALID_CLIENT,
                                        "client_assertion must be a JWT with iss, sub, one aud,"
                                                + " exp and jti"));
    }

    private static ClientCredentials posted(FormBody form) throws OAuthException {
        Optional<String> clientId = form.text("client_id");
        Optional<byte[]> secret = form.bytes("client_secret");
        if (clientId.isEmpty() || secret.isEmpty()) {
            throw new OAuthException(
                    INVALID_CLIENT,
                    "Authenticate with an assertion, or with a client id and its secret");
        }
        return new ClientCredentials.Secret(clientId.get(), ClientSecret.of(secret.get()));
    }

    private static ClientCredentials basic(String authorization) throws OAuthException {
        if (!authorization.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            throw new OAuthException(
                    INVALID_CLIENT, "Use the Basic scheme in the Authorization header");
        }
        byte[] pair = decodeBase64(authorization.substring(BASIC.length()).strip());
        try {
            int colon = FormBody.indexOf(':', pair, 0, pair.length);
            if (colon == pair.length) {
                throw new OAuthException(
                        INVALID_CLIENT, "Separate client id and secret by a colon");
            }
            return new ClientCredentials.Secret(
                    new String(FormBody.decode(pair, 0, colon), UTF_8),
                    ClientSecret.of(FormBody.decode(pair, colon + 1, pair.length)));
        } finally {
            Arrays.fill(pair, (byte) 0);
        }
    }

    private static byte[] decodeBase64(String text) throws OAuthException {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new OAuthException(INVALID_CLIENT, "Encode client id and secret in base64");
        }
    }
}
