package services.chorus.seqthink.policy.limits;

import io.github.bucket4j.TimeMeter;
import java.util.Optional;
import services.chorus.seqthink.policy.Caller;
import services.chorus.seqthink.state.SharedState;

/**
 * Limits the requests of each caller in a minute. Safe for use by several threads.
 *
 * <p>Every replica has a local bucket for a caller, and uses it alone without a shared store or
 * while the store is unavailable. Only requests that the local bucket admits reach the shared one,
 * so that a flood of requests is not a flood of store operations.
 */
public final class CallerLimits {

    private final LocalBuckets<Caller> local;
    private final Optional<SharedBuckets> shared;

    CallerLimits(LocalBuckets<Caller> local, Optional<SharedBuckets> shared) {
        this.local = local;
        this.shared = shared;
    }

    /** Limits of this process alone. */
    public static CallerLimits ofOneReplica(int perMinute) {
        return new CallerLimits(
                new LocalBuckets<>(perMinute, TimeMeter.SYSTEM_NANOTIME), Optional.empty());
    }

    /**
     * Limits of all replicas together; {@link SharedBuckets} tells the effect of differing clocks.
     *
     * @param away called for each request that this replica judged alone because the store did not
     *     answer
     */
    public static CallerLimits ofAllReplicas(int perMinute, SharedState state, Runnable away) {
        return new CallerLimits(
                new LocalBuckets<>(perMinute, TimeMeter.SYSTEM_NANOTIME),
                Optional.of(
                        new SharedBuckets(perMinute, state, TimeMeter.SYSTEM_MILLISECONDS, away)));
    }

    /**
     * Counts a request. Blocks for a second at most where limits are shared, and not at all
     * elsewhere.
     */
    public Standing take(Caller caller) {
        Standing here = local.take(caller);
        return here.admitted()
                ? shared.flatMap(buckets -> buckets.take(caller.id())).orElse(here)
                : here;
    }
}
