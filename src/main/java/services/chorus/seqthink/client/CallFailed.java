package services.chorus.seqthink.client;

import java.io.IOException;

/** A gateway or an issuer could not be used; the message tells a person why and what to do. */
public final class CallFailed extends IOException {

    /**
     * @param message for the person who called, without any secret
     */
    public CallFailed(String message) {
        super(message);
    }
}
