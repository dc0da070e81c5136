package services.chorus.seqthink.policy.denied;

import java.time.Duration;

/** The tokens that one issuer revoked. Safe for use by several threads. */
@FunctionalInterface
public interface DenyList extends AutoCloseable {

    /** Whether the token of this {@code jti} was revoked. */
    boolean denies(String tokenId);

    /** How old the list is; zero where the issuer is asked each time. */
    default Duration age() {
        return Duration.ZERO;
    }

    /**
     * Waits until the issuer was asked once; for tools only, since a door waits for nobody.
     *
     * @return whether the list is known
     */
    default boolean awaitFirst() throws InterruptedException {
        return true;
    }

    /** Stops keeping the list up to date. */
    @Override
    default void close() {}
}
