package services.chorus.seqthink.policy;

/** What became of a token. */
public sealed interface Verdict {

    /** The token is genuine, in force, and meant for this service. */
    record Accepted(AccessToken token) implements Verdict {}

    /** The token is not: 401 {@code invalid_token}. */
    record Refused(Reason reason) implements Verdict {}

    /**
     * Nobody can tell, for want of the issuer's keys or of its answer: 503, and the caller may try
     * again.
     */
    record KeysUnavailable() implements Verdict {}
}
