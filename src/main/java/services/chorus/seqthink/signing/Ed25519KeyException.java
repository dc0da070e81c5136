package services.chorus.seqthink.signing;

import java.io.IOException;

/**
 * A file that holds no Ed25519 key. The message names the rule it breaks and nothing of what it
 * holds.
 */
public final class Ed25519KeyException extends IOException {

    Ed25519KeyException(String message) {
        super(message);
    }
}
