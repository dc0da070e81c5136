package services.chorus.seqthink.policy;

/**
 * An authenticated caller: the token's issuer and its subject, or its client if it has no subject.
 * The parts stay separate: joined into one string, one issuer could name another's callers.
 *
 * @param issuer {@code iss}
 * @param kind the claim that names the caller
 * @param name that claim's value
 */
public record Caller(String issuer, Kind kind, String name) {

    /** The claim that names a caller. */
    public enum Kind {
        /** {@code sub}. */
        SUBJECT,
        /** {@code client_id}, if the token has no {@code sub}. */
        CLIENT
    }

    public Caller {
        if (issuer.isEmpty() || name.isEmpty()) {
            throw new IllegalArgumentException("A caller needs an issuer and a name");
        }
    }

    /** A unique text: each part is preceded by its length. */
    public String id() {
        return "%d:%s%s%d:%s".formatted(issuer.length(), issuer, kind.name(), name.length(), name);
    }
}
