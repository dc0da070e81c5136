package services.chorus.seqthink.testing;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import services.chorus.seqthink.state.Admission;
import services.chorus.seqthink.state.Name;
import services.chorus.seqthink.state.SharedState;
import services.chorus.seqthink.state.StateUnavailableException;

/**
 * Shared state whose uses are counted, and of which a part can be made unavailable. Without {@code
 * wakes} it notifies no followers.
 */
public final class WatchedState implements SharedState {

    private final SharedState state;
    private final boolean wakes;
    private final AtomicInteger looks = new AtomicInteger();
    private final AtomicInteger pages = new AtomicInteger();
    private final AtomicInteger followers = new AtomicInteger();
    private volatile String failing = "";

    public WatchedState(SharedState state, boolean wakes) {
        this.state = state;
        this.wakes = wakes;
    }

    /** Makes everything of this use unavailable, until another use is given. */
    public void fail(String use) {
        failing = use;
    }

    /** The number of reads before an exchange. */
    public int looks() {
        return looks.get();
    }

    /** The number of reads of more than one entry. */
    public int pages() {
        return pages.get();
    }

    public int followers() {
        return followers.get();
    }

    @Override
    public Snapshot look(Name name) {
        looks.incrementAndGet();
        requireAvailable(name);
        return state.look(name);
    }

    @Override
    public Admission admit(Name group, String member, Duration life, int most) {
        return isUnavailable(group)
                ? Admission.UNAVAILABLE
                : state.admit(group, member, life, most);
    }

    @Override
    public SharedState.Position append(Name log, byte[] entry, SharedState.Limits limits) {
        requireAvailable(log);
        return state.append(log, entry, limits);
    }

    @Override
    public SharedState.Page read(Name log, long after, int mostBytes) {
        if (mostBytes > 1) {
            pages.incrementAndGet();
        }
        requireAvailable(log);
        return state.read(log, after, mostBytes);
    }

    @Override
    public Subscription follow(Name log, Runnable grown) {
        Subscription following = wakes ? state.follow(log, grown) : () -> {};
        followers.incrementAndGet();
        return () -> {
            followers.decrementAndGet();
            following.close();
        };
    }

    private void requireAvailable(Name name) {
        if (isUnavailable(name)) {
            throw new StateUnavailableException("gone");
        }
    }

    private boolean isUnavailable(Name name) {
        return failing.equals(name.use());
    }
}
