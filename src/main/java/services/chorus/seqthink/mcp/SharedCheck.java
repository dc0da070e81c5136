package services.chorus.seqthink.mcp;

import com.github.benmanes.caffeine.cache.Ticker;
import io.smallrye.mutiny.Uni;
import java.time.Duration;

/** Makes one check for all who ask while it is under way, or soon after. */
final class SharedCheck {

    private final Duration holds;
    private final Ticker ticker;
    private volatile boolean underWay = true;
    private volatile long made;

    /**
     * @param holds how long an outcome, good or bad, is given to others
     */
    SharedCheck(Duration holds, Ticker ticker) {
        this.holds = holds;
        this.ticker = ticker;
    }

    /** The check as it is shared; to be called once. Whoever leaves does not end it for others. */
    Uni<Void> share(Uni<Void> check) {
        return check.onItemOrFailure()
                .invoke(
                        (good, failure) -> {
                            made = ticker.read();
                            underWay = false;
                        })
                .memoize()
                .until(this::beginsAnew);
    }

    // Asked under memoize's lock. Its atLeast would count from a check's beginning, and so end a
    // slow one for the next who asks.
    private boolean beginsAnew() {
        if (underWay || ticker.read() - made < holds.toNanos()) {
            return false;
        }
        underWay = true;
        return true;
    }
}
