package services.chorus.seqthink.state;

/** What is shared cannot be reached or cannot take more just now. */
public final class StateUnavailableException extends RuntimeException {

    /**
     * @param message what happened, without anything that was stored
     */
    public StateUnavailableException(String message) {
        super(message);
    }
}
