package services.chorus.seqthink.state;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** A store that has always one entry more, which does not open. */
final class LyingStore implements Store {

    private final AtomicInteger reads = new AtomicInteger();

    int reads() {
        return reads.get();
    }

    @Override
    public Uni<Optional<Page>> read(List<String> names, long after, int mostBytes) {
        reads.incrementAndGet();
        LogPosition end = new LogPosition("epoch", after + 1_000);
        return Uni.createFrom()
                .item(Optional.of(new Page(end, after + 1, List.of(new byte[SEAL_BYTES + 1]))));
    }

    @Override
    public Uni<Boolean> putIfAbsent(List<String> names, byte[] value, Duration life) {
        return readsOnly();
    }

    @Override
    public Uni<List<byte[]>> get(List<String> names) {
        return readsOnly();
    }

    @Override
    public Uni<Boolean> replace(List<String> names, byte[] expected, byte[] value, Duration life) {
        return readsOnly();
    }

    @Override
    public Uni<Admission> admit(List<Member> members, Duration life, int most) {
        return readsOnly();
    }

    @Override
    public Uni<LogPosition> append(
            List<String> names, Function<Optional<LogPosition>, Draft> draft, LogLimits limits) {
        return readsOnly();
    }

    @Override
    public Multi<String> follow(List<String> names) {
        return Multi.createFrom().empty();
    }

    @Override
    public void close() {}

    private static <T> Uni<T> readsOnly() {
        return Uni.createFrom().failure(new UnsupportedOperationException());
    }
}
