package services.chorus.seqthink.state;

/** The shared state cannot be reached, or is full. */
public final class StateUnavailableException extends RuntimeException {

    /**
     * @param message contains nothing that was stored
     */
    public StateUnavailableException(String message) {
        super(message);
    }
}
