package services.chorus.seqthink.sealing;

import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import services.chorus.seqthink.state.Admission;
import services.chorus.seqthink.state.Name;
import services.chorus.seqthink.state.SharedState;
import services.chorus.seqthink.state.StateUnavailableException;

/** A shared state in this process that a test can make unavailable. */
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
    public Snapshot look(Name name) {
        requireThere();
        return new Seen(name, Optional.ofNullable(values.get(name)));
    }

    @Override
    public Admission admit(Name group, String member, Duration life, int most) {
        throw new UnsupportedOperationException("Values only");
    }

    @Override
    public SharedState.Position append(Name log, byte[] entry, SharedState.Limits limits) {
        throw new UnsupportedOperationException("Values only");
    }

    @Override
    public SharedState.Page read(Name log, long after, int mostBytes) {
        throw new UnsupportedOperationException("Values only");
    }

    @Override
    public Subscription follow(Name log, Runnable grown) {
        throw new UnsupportedOperationException("Values only");
    }

    private void requireThere() {
        if (away) {
            throw new StateUnavailableException("Away, as told");
        }
    }

    private final class Seen implements Snapshot {

        private final Name name;
        private final Optional<byte[]> value;

        Seen(Name name, Optional<byte[]> value) {
            this.name = name;
            this.value = value;
        }

        @Override
        public Optional<byte[]> value() {
            return value;
        }

        @Override
        public boolean swap(byte[] next, Duration life) {
            requireThere();
            return value.isEmpty()
                    ? values.putIfAbsent(name, next) == null
                    : Arrays.equals(values.get(name), value.get())
                            && values.put(name, next) != null;
        }
    }
}
