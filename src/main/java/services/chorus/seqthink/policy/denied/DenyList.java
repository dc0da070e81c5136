package services.chorus.seqthink.policy.denied;

/** The tokens that one issuer took back. Safe for use by several threads; never waits. */
@FunctionalInterface
public interface DenyList {

    /** Whether the token of this {@code jti} was taken back. */
    boolean denies(String tokenId);
}
