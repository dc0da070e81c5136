package services.chorus.seqthink.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import services.chorus.seqthink.files.SecretFile;

/** {@code client_secret_basic} (RFC 6749 section 2.3.1), which every issuer with secrets takes. */
public final class SecretProof implements ClientProof {

    private static final String METHOD = "client_secret_basic";

    private final String clientId;
    private final byte[] secret;

    private SecretProof(String clientId, byte[] secret) {
        this.clientId = clientId;
        this.secret = secret;
    }

    /**
     * Reads a secret.
     *
     * @param file holds the secret in UTF-8, with or without an end of line; or {@code -}
     */
    public static SecretProof read(String clientId, Path file, InputStream in)
            throws IOException, CallFailed {
        return new SecretProof(clientId, SecretFile.read(file, in));
    }

    @Override
    public String kind() {
        return "secret";
    }

    @Override
    public void add(IssuerMetadata issuer, HttpRequest.Builder request, Map<String, String> form)
            throws CallFailed {
        issuer.requireMethod(METHOD, "--client-key");
        byte[] pair =
                (encoded(clientId) + ":" + encoded(new String(secret, UTF_8))).getBytes(UTF_8);
        request.header("Authorization", "Basic " + Base64.getEncoder().encodeToString(pair));
        Arrays.fill(pair, (byte) 0);
    }

    @Override
    public void close() {
        Arrays.fill(secret, (byte) 0);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, UTF_8);
    }
}
