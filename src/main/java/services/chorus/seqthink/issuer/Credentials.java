package services.chorus.seqthink.issuer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static services.chorus.seqthink.issuer.TokenError.INVALID_CLIENT;
import static services.chorus.seqthink.issuer.TokenError.INVALID_REQUEST;

import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import services.chorus.seqthink.issuer.clients.ClientSecret;

/**
 * Who a client says it is, and its proof: {@code client_secret_basic} or {@code client_secret_post}
 * (RFC 6749 section 2.3.1), never both.
 */
record Credentials(String clientId, ClientSecret secret) implements AutoCloseable {

    private static final String BASIC = "Basic ";

    /**
     * @param authorization the {@code Authorization} headers of the request
     */
    static Credentials of(List<String> authorization, FormBody form) throws TokenRefused {
        if (authorization.isEmpty()) {
            return posted(form);
        }
        if (authorization.size() > 1 || form.bytes("client_secret").isPresent()) {
            throw new TokenRefused(INVALID_REQUEST, "Authenticate in one way only");
        }
        Credentials credentials = basic(authorization.getFirst());
        Optional<String> named = form.text("client_id");
        if (named.isPresent() && !named.get().equals(credentials.clientId)) {
            credentials.close();
            throw new TokenRefused(INVALID_REQUEST, "client_id is not who authenticates");
        }
        return credentials;
    }

    @Override
    public void close() {
        secret.close();
    }

    private static Credentials posted(FormBody form) throws TokenRefused {
        Optional<String> clientId = form.text("client_id");
        Optional<byte[]> secret = form.bytes("client_secret");
        if (clientId.isEmpty() || secret.isEmpty()) {
            throw new TokenRefused(INVALID_CLIENT, "Authenticate with a client id and its secret");
        }
        return new Credentials(clientId.get(), ClientSecret.of(secret.get()));
    }

    private static Credentials basic(String authorization) throws TokenRefused {
        if (!authorization.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            throw new TokenRefused(INVALID_CLIENT, "Authenticate by the Basic scheme");
        }
        byte[] pair = decodeBase64(authorization.substring(BASIC.length()).strip());
        try {
            int colon = FormBody.indexOf(':', pair, 0, pair.length);
            if (colon == pair.length) {
                throw new TokenRefused(INVALID_CLIENT, "Separate id and secret by a colon");
            }
            return new Credentials(
                    new String(FormBody.decode(pair, 0, colon), UTF_8),
                    ClientSecret.of(FormBody.decode(pair, colon + 1, pair.length)));
        } finally {
            Arrays.fill(pair, (byte) 0);
        }
    }

    private static byte[] decodeBase64(String text) throws TokenRefused {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new TokenRefused(INVALID_CLIENT, "Encode id and secret in base64");
        }
    }
}
