package services.chorus.seqthink.state;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import services.chorus.seqthink.state.SharedState.Position;
import services.chorus.seqthink.state.SharedState.Subscription;

/** A store with endless entries, none of which opens. */
final class LyingStore implements Store {

    private final AtomicInteger reads = new AtomicInteger();

    int reads() {
        return reads.get();
    }

    @Override
    public Optional<Stretch> read(
            List<String> names, long after, int mostBytes, StateDeadline deadline) {
        reads.incrementAndGet();
        Position end = new Position("epoch", after + 1_000);
        return Optional.of(new Stretch(end, after + 1, List.of(new byte[SEAL_BYTES + 1])));
    }

    @Override
    public List<byte[]> get(List<String> names, StateDeadline deadline) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean swap(
            List<String> names,
            Optional<byte[]> expected,
            byte[] value,
            Duration life,
            StateDeadline deadline) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Admission admit(List<Member> members, Duration life, int most, StateDeadline deadline) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Position append(
            List<String> names,
            String owner,
            Function<Optional<Position>, Draft> draft,
            SharedState.Limits limits,
            StateDeadline deadline) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Subscription follow(List<String> names, Runnable grown) {
        return () -> {};
    }

    @Override
    public void close() {}
}
