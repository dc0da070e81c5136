package services.chorus.seqthink.policy.denied;

import java.time.Duration;

/** The tokens that one issuer took back. Safe for use by several threads. */
@FunctionalInterface
public interface DenyList extends AutoCloseable {

    /** Whether the token of this {@code jti} was taken back. */
    boolean denies(String tokenId);

    /** How long ago the issuer said so; zero where it is asked each time. */
    default Duration age() {
        return Duration.ZERO;
    }

    /**
     * Waits until the issuer was asked once; for tools only, since a door waits for nobody.
     *
     * @return whether it is known what it took back
     */
    default boolean awaitFirst() throws InterruptedException {
        return true;
    }

    /** Ends what keeps the list as the issuer has it. */
    @Override
    default void close() {}
}
