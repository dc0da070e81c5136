package services.chorus.seqthink.policy;

/** Decides whether a token is accepted, and what it grants. Safe for use by several threads. */
@FunctionalInterface
public interface TokenJudge {

    /**
     * Judges a token as it was sent. May block for some seconds while somebody else is asked: call
     * it on a virtual thread.
     */
    Verdict verify(String token);
}
