package services.chorus.seqthink.policy;

/** Decides whether a token is accepted. Safe for use by several threads. */
@FunctionalInterface
public interface TokenJudge {

    /**
     * Verifies a token. May block for some seconds while an issuer is asked: call it on a virtual
     * thread.
     */
    Verdict verify(String token);
}
