package services.chorus.seqthink.telemetry;

/** The phases of a request. */
public enum Phase {
    OPEN("open"),
    UPSTREAM("upstream"),
    SEAL("seal");

    private final String label;

    Phase(String label) {
        this.label = label;
    }

    /** The label's value. */
    String label() {
        return label;
    }
}
