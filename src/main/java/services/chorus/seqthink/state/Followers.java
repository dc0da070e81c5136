package services.chorus.seqthink.state;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.BackPressureStrategy;
import io.smallrye.mutiny.subscription.MultiEmitter;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Those in this process who follow logs, by the names they follow. */
final class Followers {

    private final Map<String, Set<MultiEmitter<? super String>>> byName = new ConcurrentHashMap<>();
    private final Runnable changed;

    /**
     * @param changed called when {@link #names} may have changed
     */
    Followers(Runnable changed) {
        this.changed = changed;
    }

    /** See {@link Store#follow}; who is slow gets the newest item only. */
    Multi<String> follow(List<String> names) {
        return Multi.createFrom()
                .emitter(
                        follower -> {
                            follower.onTermination(() -> remove(names, follower));
                            add(names, follower);
                            follower.emit(names.getFirst());
                        },
                        BackPressureStrategy.LATEST);
    }

    /** The names that somebody follows. */
    Set<String> names() {
        return Set.copyOf(byName.keySet());
    }

    void tell(String name) {
        byName.getOrDefault(name, Set.of()).forEach(follower -> follower.emit(name));
    }

    private void add(List<String> names, MultiEmitter<? super String> follower) {
        for (String name : names) {
            byName.compute(
                    name,
                    (same, present) -> {
                        Set<MultiEmitter<? super String>> all =
                                present == null ? ConcurrentHashMap.newKeySet() : present;
                        all.add(follower);
                        return all;
                    });
        }
        changed.run();
    }

    private void remove(List<String> names, MultiEmitter<? super String> follower) {
        for (String name : names) {
            byName.computeIfPresent(
                    name,
                    (same, present) -> {
                        present.remove(follower);
                        return present.isEmpty() ? null : present;
                    });
        }
        changed.run();
    }
}
