package services.chorus.seqthink.policy;

/**
 * Who calls: the token's issuer and, under it, a subject or (for want of one) a client.
 *
 * <p>A value; safe for use by several threads. Both parts are kept apart always: joining them into
 * one string would let one issuer name another's callers.
 *
 * @param issuer the token's {@code iss}
 * @param kind which claim named the caller
 * @param name that claim's value
 */
public record Caller(String issuer, Kind kind, String name) {

    /** The claim that names a caller. */
    public enum Kind {
        /** {@code sub} */
        SUBJECT,
        /** {@code client_id}, where the token has no {@code sub} */
        CLIENT
    }

    public Caller {
        if (issuer.isEmpty() || name.isEmpty()) {
            throw new IllegalArgumentException("A caller needs an issuer and a name");
        }
    }

    /** A text that no other caller has: each part behind its length. */
    public String id() {
        return "%d:%s%s%d:%s".formatted(issuer.length(), issuer, kind.name(), name.length(), name);
    }
}
