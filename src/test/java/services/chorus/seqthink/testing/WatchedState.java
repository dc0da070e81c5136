package services.chorus.seqthink.testing;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import services.chorus.seqthink.state.Admission;
import services.chorus.seqthink.state.Name;
import services.chorus.seqthink.state.SharedState;
import services.chorus.seqthink.state.StateUnavailableException;

/**
 * Real state whose use is counted, parts of which can go away, and that wakes nobody if told so.
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

    /** Lets no log, group or exchange of this use be read or added to until told another. */
    public void fail(String use) {
        failing = use;
    }

    /** How often a value was looked at to exchange it. */
    public int looks() {
        return looks.get();
    }

    /** How often more than a single entry was read for. */
    public int pages() {
        return pages.get();
    }

    public int followers() {
        return followers.get();
    }

    @Override
    public Snapshot look(Name name) {
        looks.incrementAndGet();
        requireThere(name);
        return state.look(name);
    }

    @Override
    public Admission admit(Name group, String member, Duration life, int most) {
        return isAway(group) ? Admission.UNAVAILABLE : state.admit(group, member, life, most);
    }

    @Override
    public SharedState.Position append(Name log, byte[] entry, SharedState.Limits limits) {
        requireThere(log);
        return state.append(log, entry, limits);
    }

    @Override
    public SharedState.Page read(Name log, long after, int mostBytes) {
        if (mostBytes > 1) {
            pages.incrementAndGet();
        }
        requireThere(log);
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

    private void requireThere(Name name) {
        if (isAway(name)) {
            throw new StateUnavailableException("gone");
        }
    }

    private boolean isAway(Name name) {
        return failing.equals(name.use());
    }
}
