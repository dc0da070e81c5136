package services.chorus.seqthink.client;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import services.chorus.seqthink.age.AgeException;
import services.chorus.seqthink.age.AgeStream;
import services.chorus.seqthink.age.KeyIdentity;
import services.chorus.seqthink.signing.Ed25519Key;
import services.chorus.seqthink.signing.Ed25519Key.Ed25519KeyException;

/**
 * A caller's token and keys.
 *
 * @param token the access token, a secret
 * @param dpopKey the key that the token is bound to
 * @param identities open the replies, at least one; requests name the first one's recipient as
 *     {@code reply_to}
 */
public record Credentials(String token, Optional<Ed25519Key> dpopKey, List<KeyIdentity> identities)
        implements AutoCloseable {

    // RFC 6750 section 2.1, b64token
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/-]+=*");
    private static final Path STANDARD_INPUT = Path.of("-");

    public Credentials {
        identities = List.copyOf(identities);
        if (identities.isEmpty()) {
            throw new IllegalArgumentException("An identity is needed to open replies");
        }
    }

    /** Reads an access token and ignores white space around it. */
    public static String readToken(Path file) throws IOException {
        return token(Files.readAllBytes(file), file.toString());
    }

    /** The same, where the file may be {@code -} for standard input. */
    public static String readToken(Path file, InputStream in) throws IOException {
        return file.equals(STANDARD_INPUT)
                ? token(in.readAllBytes(), "standard input")
                : readToken(file);
    }

    /** Reads the key that the token is bound to; for the caller to close. */
    public static Optional<Ed25519Key> readDpopKey(Optional<Path> file) throws IOException {
        try {
            return file.isPresent() ? Optional.of(Ed25519Key.read(file.get())) : Optional.empty();
        } catch (Ed25519KeyException e) {
            throw new CallFailed(
                    "%s is not a key that keygen --dpop wrote: %s"
                            .formatted(file.get(), e.getMessage()));
        }
    }

    private static String token(byte[] content, String source) throws CallFailed {
        String text = new String(content, StandardCharsets.ISO_8859_1).strip();
        if (!isToken(text)) {
            throw new CallFailed(source + " must hold one access token and nothing else");
        }
        return text;
    }

    static boolean isToken(String text) {
        return TOKEN.matcher(text).matches();
    }

    /**
     * Adds {@code Authorization}, and a new DPoP proof where there is a key.
     *
     * @param url without query and fragment
     * @param content the request's sealed bytes
     */
    void authorize(HttpRequest.Builder request, String method, String url, byte[] content) {
        request.header("Authorization", (dpopKey.isPresent() ? "DPoP " : "Bearer ") + token);
        dpopKey.map(key -> DpopProof.withToken(key, method, url, token, content, Instant.now()))
                .ifPresent(proof -> request.header("DPoP", proof));
    }

    /**
     * @param what the age file's name in a message
     * @throws CallFailed when it is malformed, or sealed to others
     */
    byte[] open(byte[] sealed, String what) throws IOException {
        ByteArrayOutputStream opened = new ByteArrayOutputStream();
        try {
            AgeStream.open(new ByteArrayInputStream(sealed), opened, identities);
        } catch (AgeException e) {
            throw new CallFailed(what + " cannot be opened: " + e.getMessage());
        }
        return opened.toByteArray();
    }

    /** Wipes the keys. */
    @Override
    public void close() {
        dpopKey.ifPresent(Ed25519Key::close);
        identities.forEach(KeyIdentity::close);
    }

    @Override
    public String toString() {
        return "Credentials[hidden]";
    }
}
