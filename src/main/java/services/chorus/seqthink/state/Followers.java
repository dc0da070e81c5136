package services.chorus.seqthink.state;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.BackPressureStrategy;
import io.smallrye.mutiny.subscription.MultiEmitter;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Those in this process who follow logs, by the names they follow. Safe for use by several threads.
 */
final class Followers {

    private final Map<String, Set<MultiEmitter<? super String>>> byName = new ConcurrentHashMap<>();

    /**
     * An item whenever a log of one of these names may have grown; the newest where one is slow.
     */
    Multi<String> follow(List<String> names) {
        return Multi.createFrom()
                .emitter(
                        follower -> {
                            names.forEach(name -> add(name, follower));
                            follower.onTermination(
                                    () -> names.forEach(name -> remove(name, follower)));
                        },
                        BackPressureStrategy.LATEST);
    }

    void tell(String name) {
        byName.getOrDefault(name, Set.of()).forEach(follower -> follower.emit(name));
    }

    private void add(String name, MultiEmitter<? super String> follower) {
        byName.compute(
                name,
                (same, followers) -> {
                    Set<MultiEmitter<? super String>> all =
                            followers == null ? ConcurrentHashMap.newKeySet() : followers;
                    all.add(follower);
                    return all;
                });
    }

    private void remove(String name, MultiEmitter<? super String> follower) {
        byName.computeIfPresent(
                name,
                (same, followers) -> {
                    followers.remove(follower);
                    return followers.isEmpty() ? null : followers;
                });
    }
}
