package services.chorus.seqthink.policy.opaque;

/** Whoever knows what an opaque token is worth. Safe for use by several threads. */
@FunctionalInterface
interface TokenService {

    /**
     * Asks about a token; blocks within bounds of its own.
     *
     * @throws UnansweredException when there is no answer that can be relied on
     */
    Answer ask(String token) throws UnansweredException, InterruptedException;
}
