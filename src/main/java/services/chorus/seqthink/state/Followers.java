package services.chorus.seqthink.state;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import services.chorus.seqthink.state.SharedState.Subscription;

/** Those in this process who follow logs, by the names they follow. */
final class Followers {

    private final Map<String, Set<Follower>> byName = new ConcurrentHashMap<>();
    private final Runnable changed;

    /**
     * @param changed called when {@link #names} may have changed
     */
    Followers(Runnable changed) {
        this.changed = changed;
    }

    /** See {@link Store#follow}. */
    Subscription follow(List<String> names, Runnable grown) {
        Follower follower = new Follower(names, grown);
        for (String name : names) {
            byName.compute(
                    name,
                    (same, present) -> {
                        Set<Follower> all =
                                present == null ? ConcurrentHashMap.newKeySet() : present;
                        all.add(follower);
                        return all;
                    });
        }
        changed.run();
        grown.run();
        return follower;
    }

    /** The names that somebody follows. */
    Set<String> names() {
        return Set.copyOf(byName.keySet());
    }

    /** Notifies the followers of a name. */
    void grown(String name) {
        byName.getOrDefault(name, Set.of()).forEach(follower -> follower.grown.run());
    }

    private final class Follower implements Subscription {

        private final List<String> names;
        private final Runnable grown;

        Follower(List<String> names, Runnable grown) {
            this.names = names;
            this.grown = grown;
        }

        @Override
        public void close() {
            for (String name : names) {
                byName.computeIfPresent(
                        name,
                        (same, present) -> {
                            present.remove(this);
                            return present.isEmpty() ? null : present;
                        });
            }
            changed.run();
        }
    }
}
