package services.chorus.seqthink.policy.limits;

import io.github.bucket4j.TimeMeter;
import java.time.InstantSource;
import java.util.Optional;
import services.chorus.seqthink.policy.Caller;
import services.chorus.seqthink.state.SharedState;

/**
 * Lets each caller make so many requests in a minute, whatever others do. Safe for use by several
 * threads.
 *
 * <p>Every replica keeps a bucket of its own for a caller, and goes on by it alone where nothing is
 * shared or the store is away. What that admits is for the shared bucket to judge, so that whoever
 * floods a replica does not flood the store.
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
     * Limits of all replicas together.
     *
     * @param clock the wall clock; see {@link SharedBuckets} for what happens when replicas' clocks
     *     differ
     * @param away called for each request that this replica judged alone because the store did not
     *     answer
     */
    public static CallerLimits ofAllReplicas(
            int perMinute, SharedState state, InstantSource clock, Runnable away) {
        return new CallerLimits(
                new LocalBuckets<>(perMinute, TimeMeter.SYSTEM_NANOTIME),
                Optional.of(new SharedBuckets(perMinute, state, clock, away)));
    }

    /**
     * Counts a request, and says where its caller stands. Blocks for a second at most where limits
     * are shared, and not at all elsewhere.
     */
    public Standing take(Caller caller) {
        Standing here = local.take(caller);
        return here.admitted()
                ? shared.flatMap(buckets -> buckets.take(caller.id())).orElse(here)
                : here;
    }
}
