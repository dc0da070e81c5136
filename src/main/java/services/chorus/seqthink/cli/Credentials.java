package services.chorus.seqthink.cli;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import services.chorus.seqthink.signing.Ed25519Key;
import services.chorus.seqthink.signing.Ed25519KeyException;

/**
 * What a caller shows a door: a token and, where it is bound to one, its key.
 *
 * @param token a secret
 */
record Credentials(String token, Optional<Ed25519Key> key) implements AutoCloseable {

    static Credentials read(Path tokenFile, Optional<Path> keyFile)
            throws IOException, CommandFailed {
        String token = EnvelopeOptions.readToken(tokenFile);
        return new Credentials(
                token, keyFile.isPresent() ? Optional.of(key(keyFile.get())) : Optional.empty());
    }

    /** Reads a key that tokens are bound to. */
    static Ed25519Key key(Path file) throws IOException, CommandFailed {
        try {
            return Ed25519Key.read(file);
        } catch (Ed25519KeyException e) {
            throw new CommandFailed(
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
