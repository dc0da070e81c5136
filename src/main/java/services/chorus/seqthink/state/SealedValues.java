package services.chorus.seqthink.state;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Values, each sealed for its name. */
final class SealedValues {

    private static final String KIND = "value";
    private static final int TRIES = 16;

    private final Store store;
    private final Seals seals;

    SealedValues(Store store, Seals seals) {
        this.store = store;
        this.seals = seals;
    }

    Uni<Boolean> putIfAbsent(Name name, byte[] value, Duration life) {
        return store.putIfAbsent(names(name), seal(name, value, life), life);
    }

    Uni<Snapshot> look(Name name) {
        return store.get(names(name)).map(found -> snapshot(name, found));
    }

    /** The end of a life is sealed in, so a value is sealed anew for another. */
    Uni<Boolean> expire(Name name, Duration life) {
        return expire(name, life, TRIES);
    }

    private Uni<Boolean> expire(Name name, Duration life, int tries) {
        if (tries == 0) {
            return Uni.createFrom()
                    .failure(new StateUnavailableException("A value changed too often to renew"));
        }
        return look(name)
                .flatMap(
                        seen ->
                                seen.value()
                                        .map(value -> renew(name, seen, value, life, tries))
                                        .orElseGet(() -> Uni.createFrom().item(false)));
    }

    private Uni<Boolean> renew(Name name, Snapshot seen, byte[] value, Duration life, int tries) {
        return seen.swap(value, life)
                .flatMap(
                        done -> done ? Uni.createFrom().item(true) : expire(name, life, tries - 1));
    }

    private Snapshot snapshot(Name name, List<byte[]> found) {
        for (byte[] kept : found) {
            Optional<byte[]> value = seals.open(kept, KIND, name);
            if (value.isPresent()) {
                return new Seen(name, Optional.of(kept), value);
            }
        }
        // what does not open has no value, and still is in the way of another
        return new Seen(name, found.stream().findFirst(), Optional.empty());
    }

    private byte[] seal(Name name, byte[] value, Duration life) {
        return seals.seal(value, life, KIND, name);
    }

    private List<String> names(Name name) {
        return seals.names(KIND, name);
    }

    private final class Seen implements Snapshot {

        private final Name name;
        private final Optional<byte[]> kept;
        private final Optional<byte[]> value;

        Seen(Name name, Optional<byte[]> kept, Optional<byte[]> value) {
            this.name = name;
            this.kept = kept;
            this.value = value;
        }

        @Override
        public Optional<byte[]> value() {
            return value;
        }

        @Override
        public Uni<Boolean> swap(byte[] next, Duration life) {
            byte[] copy = next.clone();
            return Uni.createFrom()
                    .deferred(
                            () ->
                                    kept.map(old -> replace(old, copy, life))
                                            .orElseGet(() -> putIfAbsent(name, copy, life)));
        }

        private Uni<Boolean> replace(byte[] old, byte[] next, Duration life) {
            return store.replace(names(name), old, seal(name, next, life), life);
        }
    }
}
