package services.chorus.seqthink.telemetry;

import java.util.Locale;

/** Why the built-in issuer rejected a request for a token: OAuth's error codes. */
public enum Denial {
    INVALID_REQUEST,
    INVALID_CLIENT,
    INVALID_SCOPE,
    INVALID_TARGET,
    INVALID_DPOP_PROOF,
    UNAUTHORIZED_CLIENT,
    UNSUPPORTED_GRANT_TYPE,
    TEMPORARILY_UNAVAILABLE;

    /** The code in a response and in the meter's label. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
