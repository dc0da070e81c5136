package services.chorus.seqthink.policy;

/** The result of verifying a token. */
public sealed interface Verdict {

    /** The token is genuine, valid now, and issued for this service. */
    record Accepted(AccessToken token) implements Verdict {}

    /** The token is rejected: 401 {@code invalid_token}. */
    record Refused(Reason reason) implements Verdict {}

    /** The issuer's keys or its answer are unavailable: 503, and the caller may try again. */
    record KeysUnavailable() implements Verdict {}
}
