package services.chorus.seqthink.client;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;
import services.chorus.seqthink.signing.Ed25519Key;
import services.chorus.seqthink.signing.Ed25519KeyException;

/**
 * What a caller shows a door: a token and, where it is bound to one, its key.
 *
 * @param token a secret
 */
public record Credentials(String token, Optional<Ed25519Key> key) implements AutoCloseable {

    // RFC 6750 section 2.1, b64token
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/-]+=*");

    public static Credentials read(Path tokenFile, Optional<Path> keyFile)
            throws IOException, CallFailed {
        String token = readToken(tokenFile);
        return new Credentials(
                token, keyFile.isPresent() ? Optional.of(key(keyFile.get())) : Optional.empty());
    }

    /** Reads an access token, white space around it aside. */
    public static String readToken(Path file) throws IOException, CallFailed {
        return token(Files.readAllBytes(file), file.toString());
    }

    /** Reads to the end of a stream. */
    public static String readToken(InputStream input) throws IOException, CallFailed {
        return token(input.readAllBytes(), "standard input");
    }

    /** The text where it has the form of an access token. */
    static Optional<String> accessToken(String text) {
        return Optional.of(text).filter(token -> TOKEN.matcher(token).matches());
    }

    private static String token(byte[] content, String source) throws CallFailed {
        return accessToken(new String(content, StandardCharsets.ISO_8859_1).strip())
                .orElseThrow(
                        () ->
                                new CallFailed(
                                        source
                                                + " does not hold one access token and nothing"
                                                + " else"));
    }

    /** Reads a key that tokens are bound to. */
    public static Ed25519Key key(Path file) throws IOException, CallFailed {
        try {
            return Ed25519Key.read(file);
        } catch (Ed25519KeyException e) {
            throw new CallFailed(
                    "%s is no key as keygen --dpop makes it: %s".formatted(file, e.getMessage()));
        }
    }

    /**
     * Adds the headers that let a request pass: with a proof made for this one time, where there is
     * a key.
     *
     * @param url without query and fragment
     * @param content the sealed bytes that are sent
     */
    void authorize(HttpRequest.Builder request, String method, String url, byte[] content) {
        request.header("Authorization", (key.isPresent() ? "DPoP " : "Bearer ") + token);
        key.map(
                        signer ->
                                DpopProof.withToken(method, url, token, content, Instant.now())
                                        .sign(signer))
                .ifPresent(proof -> request.header("DPoP", proof));
    }

    @Override
    public void close() {
        key.ifPresent(Ed25519Key::close);
    }

    @Override
    public String toString() {
        return "Credentials[hidden]";
    }
}
