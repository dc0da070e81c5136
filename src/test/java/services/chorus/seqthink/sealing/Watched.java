package services.chorus.seqthink.sealing;

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
import services.chorus.seqthink.state.StateUnavailableException;

/** Real state whose use is counted, that can go away, and that wakes nobody where told so. */
final class Watched implements SharedState {

    private final SharedState state;
    private final boolean wakes;
    private final AtomicInteger pages = new AtomicInteger();
    private final AtomicInteger followers = new AtomicInteger();
    private volatile boolean failing;

    Watched(SharedState state, boolean wakes) {
        this.state = state;
        this.wakes = wakes;
    }

    void fail() {
        failing = true;
    }

    /** How often more than a single entry was read for. */
    int pages() {
        return pages.get();
    }

    int followers() {
        return followers.get();
    }

    @Override
    public Uni<Boolean> putIfAbsent(Name name, byte[] value, Duration life) {
        return unlessFailing(state.putIfAbsent(name, value, life));
    }

    @Override
    public Uni<Optional<byte[]>> get(Name name) {
        return unlessFailing(state.get(name));
    }

    @Override
    public Uni<Boolean> expire(Name name, Duration life) {
        return unlessFailing(state.expire(name, life));
    }

    @Override
    public Uni<Admission> admit(Name group, String member, Duration life, int most) {
        return unlessFailing(state.admit(group, member, life, most));
    }

    @Override
    public Uni<LogPosition> append(Name log, byte[] entry, LogLimits limits) {
        return unlessFailing(state.append(log, entry, limits));
    }

    @Override
    public Uni<LogPage> read(Name log, long after, int mostBytes) {
        if (mostBytes > 1) {
            pages.incrementAndGet();
        }
        return unlessFailing(state.read(log, after, mostBytes));
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

    private <T> Uni<T> unlessFailing(Uni<T> work) {
        return Uni.createFrom()
                .deferred(
                        () ->
                                failing
                                        ? Uni.createFrom()
                                                .failure(new StateUnavailableException("gone"))
                                        : work);
    }
}
