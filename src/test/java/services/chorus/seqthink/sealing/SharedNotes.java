package services.chorus.seqthink.sealing;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import services.chorus.seqthink.state.Admission;
import services.chorus.seqthink.state.LogLimits;
import services.chorus.seqthink.state.LogPage;
import services.chorus.seqthink.state.LogPosition;
import services.chorus.seqthink.state.Name;
import services.chorus.seqthink.state.SharedState;
import services.chorus.seqthink.state.Snapshot;
import services.chorus.seqthink.state.StateUnavailableException;

/** The values that replicas share, in this process; away when told. */
final class SharedNotes implements SharedState {

    private final Map<Name, byte[]> values = new ConcurrentHashMap<>();
    private volatile boolean away;

    void goAway() {
        away = true;
    }

    void comeBack() {
        away = false;
    }

    void forgetEverything() {
        values.clear();
    }

    @Override
    public Uni<Boolean> putIfAbsent(Name name, byte[] value, Duration life) {
        return now(() -> values.putIfAbsent(name, value) == null);
    }

    @Override
    public Uni<Optional<byte[]>> get(Name name) {
        return now(() -> Optional.ofNullable(values.get(name)));
    }

    @Override
    public Uni<Snapshot> look(Name name) {
        throw new UnsupportedOperationException("Nothing is exchanged");
    }

    @Override
    public Uni<Boolean> expire(Name name, Duration life) {
        return now(() -> values.containsKey(name));
    }

    @Override
    public Uni<Admission> admit(Name group, String member, Duration life, int most) {
        throw new UnsupportedOperationException("Values only");
    }

    @Override
    public Uni<LogPosition> append(Name log, byte[] entry, LogLimits limits) {
        throw new UnsupportedOperationException("Values only");
    }

    @Override
    public Uni<LogPage> read(Name log, long after, int mostBytes) {
        throw new UnsupportedOperationException("Values only");
    }

    @Override
    public Multi<Name> follow(Name log) {
        throw new UnsupportedOperationException("Values only");
    }

    private <T> Uni<T> now(Supplier<T> answer) {
        return Uni.createFrom()
                .item(
                        () -> {
                            if (away) {
                                throw new StateUnavailableException("Away, as told");
                            }
                            return answer.get();
                        });
    }
}
