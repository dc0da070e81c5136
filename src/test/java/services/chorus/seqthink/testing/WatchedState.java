package services.chorus.seqthink.testing;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import services.chorus.seqthink.state.Admission;
import services.chorus.seqthink.state.LogLimits;
import services.chorus.seqthink.state.LogPage;
import services.chorus.seqthink.state.LogPosition;
import services.chorus.seqthink.state.Name;
import services.chorus.seqthink.state.SharedState;
import services.chorus.seqthink.state.Snapshot;
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
    private volatile String silent = "";

    public WatchedState(SharedState state, boolean wakes) {
        this.state = state;
        this.wakes = wakes;
    }

    /** Lets no log, group or exchange of this use be read or added to until told another. */
    public void fail(String use) {
        failing = use;
    }

    /** Never answers for a log, group or exchange of this use until told another. */
    public void silence(String use) {
        silent = use;
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
    public Uni<Boolean> putIfAbsent(Name name, byte[] value, Duration life) {
        return state.putIfAbsent(name, value, life);
    }

    @Override
    public Uni<Optional<byte[]>> get(Name name) {
        return state.get(name);
    }

    @Override
    public Uni<Snapshot> look(Name name) {
        looks.incrementAndGet();
        return unlessFailing(name, state.look(name));
    }

    @Override
    public Uni<Boolean> expire(Name name, Duration life) {
        return state.expire(name, life);
    }

    @Override
    public Uni<Admission> admit(Name group, String member, Duration life, int most) {
        return unlessFailing(group, state.admit(group, member, life, most));
    }

    @Override
    public Uni<LogPosition> append(Name log, byte[] entry, LogLimits limits) {
        return unlessFailing(log, state.append(log, entry, limits));
    }

    @Override
    public Uni<LogPage> read(Name log, long after, int mostBytes) {
        if (mostBytes > 1) {
            pages.incrementAndGet();
        }
        return unlessFailing(log, state.read(log, after, mostBytes));
    }

    @Override
    public Multi<Name> follow(Name log) {
        Multi<Name> following = wakes ? state.follow(log) : Multi.createFrom().nothing();
        return following
                .onSubscription()
                .invoke(() -> followers.incrementAndGet())
                .onTermination()
                .invoke(() -> followers.decrementAndGet());
    }

    private <T> Uni<T> unlessFailing(Name name, Uni<T> work) {
        return Uni.createFrom()
                .deferred(
                        () -> {
                            if (silent.equals(name.use())) {
                                return Uni.createFrom().nothing();
                            }
                            return failing.equals(name.use())
                                    ? Uni.createFrom()
                                            .failure(new StateUnavailableException("gone"))
                                    : work;
                        });
    }
}
