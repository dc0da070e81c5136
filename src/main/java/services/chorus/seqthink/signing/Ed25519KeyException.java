package services.chorus.seqthink.sealing;

import java.io.IOException;

/**
 * A file that is no door key. The message names the rule it breaks and nothing of what it holds.
 */
public final class DoorKeyException extends IOException {

    DoorKeyException(String message) {
        super(message);
    }
}
