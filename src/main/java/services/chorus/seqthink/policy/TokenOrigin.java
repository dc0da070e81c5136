package services.chorus.seqthink.policy;

import java.net.InetAddress;
import java.util.Optional;

/**
 * The address from which the token came that the current thread verifies, so that one address
 * cannot use up what the verification of unknown tokens needs. A scoped value, because the
 * framework's interface between the request and {@link TokenJudge} carries the token alone.
 */
public final class TokenOrigin {

    private static final ScopedValue<InetAddress> CURRENT = ScopedValue.newInstance();

    private TokenOrigin() {}

    /** Runs a verification. */
    public static void run(InetAddress origin, Runnable verification) {
        ScopedValue.where(CURRENT, origin).run(verification);
    }

    /** Empty outside of {@link #run}. */
    public static Optional<InetAddress> current() {
        return CURRENT.isBound() ? Optional.of(CURRENT.get()) : Optional.empty();
    }
}
