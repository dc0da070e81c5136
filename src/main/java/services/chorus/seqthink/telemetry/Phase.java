package services.chorus.seqthink.telemetry;

import java.util.Locale;

/** The phases of a request. */
public enum Phase {
    OPEN,
    UPSTREAM,
    SEAL;

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
