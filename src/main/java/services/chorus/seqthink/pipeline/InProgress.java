package services.chorus.seqthink.pipeline;

import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicLong;
import services.chorus.seqthink.mcp.Upstream;
import services.chorus.seqthink.policy.Caller;
import services.chorus.seqthink.policy.limits.Shares;

/**
 * Limits the calls in progress and the memory for their bodies, each with a share for every caller:
 * a caller whose calls take long, or whose bodies arrive slowly, exhausts only its own share. Safe
 * for use by several threads.
 */
@Singleton
final class InProgress {

    /** What a caller may send while memory is free: many thoughts of the usual size. */
    private static final int SMALLEST_BYTES = 64 * 1024;

    /** A caller may have this part of everything: three greedy callers leave one part. */
    static final int SHARE = 4;

    private final Shares<Caller> calls =
            new Shares<>(Upstream.MOST_CALLS, 1, Upstream.MOST_CALLS / SHARE);
    private final Shares<Caller> bytes;

    InProgress(BodyLimits limits) {
        long most = limits.mostInflightBytes();
        this.bytes = new Shares<>(most, SMALLEST_BYTES, Math.max(most / SHARE, limits.mostBytes()));
    }

    /**
     * Counts a call.
     *
     * @return its place, to be closed after the call
     * @throws Refused if its caller has too many, or all callers have
     */
    Place begin(Caller caller) throws Refused {
        Shares.Grant grant = calls.take(caller, 1);
        if (grant != Shares.Grant.GRANTED) {
            throw Refused.outside(problem(grant));
        }
        return new Place(caller);
    }

    private static Problem problem(Shares.Grant refused) {
        return switch (refused) {
            case OVER_SHARE -> Problem.CALLER_BUSY;
            case FULL, GRANTED -> Problem.BUSY;
        };
    }

    /** The place of one call, and the memory for its body. */
    final class Place implements RequestContent.Room, AutoCloseable {

        private final Caller caller;
        private final AtomicLong mine = new AtomicLong();
        private volatile Problem refusal = Problem.BUSY;

        private Place(Caller caller) {
            this.caller = caller;
        }

        /** Reserves nothing. */
        @Override
        public boolean has(long more) {
            return isGranted(bytes.check(caller, more));
        }

        @Override
        public boolean reserve(int more) {
            boolean granted = isGranted(bytes.take(caller, more));
            if (granted) {
                mine.addAndGet(more);
            }
            return granted;
        }

        @Override
        public Problem refusal() {
            return refusal;
        }

        private boolean isGranted(Shares.Grant grant) {
            refusal = problem(grant);
            return grant == Shares.Grant.GRANTED;
        }

        @Override
        public void close() {
            bytes.release(caller, mine.getAndSet(0));
            calls.release(caller, 1);
        }
    }
}
