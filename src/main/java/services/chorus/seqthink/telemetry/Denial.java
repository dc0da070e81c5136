package services.chorus.seqthink.telemetry;

import java.util.Locale;

/** Why a client of the issuer here got no token: the error codes of OAuth. */
public enum Denial {
    INVALID_REQUEST,
    INVALID_CLIENT,
    INVALID_SCOPE,
    INVALID_TARGET,
    INVALID_DPOP_PROOF,
    UNAUTHORIZED_CLIENT,
    UNSUPPORTED_GRANT_TYPE,
    TEMPORARILY_UNAVAILABLE;

    /** The code as an answer has it, and the label's value. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
