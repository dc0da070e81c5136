package services.chorus.seqthink.policy.limits;

import java.util.HashMap;
import java.util.Map;

/**
 * A limited amount of something that is held for a while, such as memory or places, with a share
 * for each holder: at most a fixed amount, and at most as much as is then left for all others. So
 * one holder never takes more than half, and several that take all they can leave something for
 * those who hold little. Safe for use by several threads.
 *
 * @param <K> identifies a holder
 */
public final class Shares<K> {

    /** Whether an amount was taken. */
    public enum Grant {
        /** It was taken: {@link #release} it after use. */
        GRANTED,
        /** It would exceed the holder's share. */
        OVER_SHARE,
        /** All holders together leave too little. */
        FULL
    }

    private final long total;
    private final long smallest;
    private final long largest;
    private final Map<K, Long> byHolder = new HashMap<>();
    private long held;

    /**
     * @param total the whole amount
     * @param smallest what a holder may have while it is free, whatever is left for others
     * @param largest what a holder may have at most
     */
    public Shares(long total, long smallest, long largest) {
        this.total = total;
        this.smallest = smallest;
        this.largest = largest;
    }

    /** Takes an amount if the holder may have it. */
    public synchronized Grant take(K holder, long amount) {
        Grant grant = check(holder, amount);
        if (grant == Grant.GRANTED && amount > 0) {
            held += amount;
            byHolder.merge(holder, amount, Long::sum);
        }
        return grant;
    }

    /** What {@link #take} would return; takes nothing. */
    public synchronized Grant check(K holder, long amount) {
        if (amount > total - held) {
            return Grant.FULL;
        }
        long own = byHolder.getOrDefault(holder, 0L) + amount;
        long left = total - held - amount;
        return own <= largest && own <= Math.max(left, smallest) ? Grant.GRANTED : Grant.OVER_SHARE;
    }

    /** Gives back what was taken. */
    public synchronized void release(K holder, long amount) {
        if (amount > 0) {
            held -= amount;
            byHolder.computeIfPresent(holder, (same, own) -> own == amount ? null : own - amount);
        }
    }

    /** What all hold together. */
    public synchronized long held() {
        return held;
    }
}
