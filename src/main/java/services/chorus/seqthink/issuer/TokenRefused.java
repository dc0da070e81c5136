package services.chorus.seqthink.issuer;

/** A token request that gets no token. The message is for the client, and repeats nothing of it. */
final class TokenRefused extends Exception {

    private final TokenError error;

    TokenRefused(TokenError error, String message) {
        super(message);
        this.error = error;
    }

    TokenError error() {
        return error;
    }
}
