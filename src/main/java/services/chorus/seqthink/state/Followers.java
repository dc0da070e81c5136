package services.chorus.seqthink.state;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import services.chorus.seqthink.state.SharedState.Subscription;

/** The subscriptions of this process to logs, by the logs' names. */
final class Followers {

    private final Map<String, Set<Follower>> byName = new ConcurrentHashMap<>();
    private final Runnable changed;

    /**
     * @param changed called when {@link #names} may have changed
     */
    Followers(Runnable changed) {
        this.changed = changed;
    }

    Subscription follow(List<String> names, Runnable grown) {
        Follower follower = new Follower(new Object(), grown);
        names.forEach(name -> byName.merge(name, Set.of(follower), Followers::union));
        changed.run();
        grown.run();
        return () -> {
            names.forEach(
                    name -> byName.computeIfPresent(name, (_, all) -> without(all, follower)));
            changed.run();
        };
    }

    Set<String> names() {
        return Set.copyOf(byName.keySet());
    }

    void notifyGrown(String name) {
        byName.getOrDefault(name, Set.of()).forEach(follower -> follower.grown.run());
    }

    private static Set<Follower> union(Set<Follower> some, Set<Follower> more) {
        return Stream.concat(some.stream(), more.stream()).collect(Collectors.toSet());
    }

    /** Null, which removes the name, when no follower is left. */
    private static Set<Follower> without(Set<Follower> all, Follower gone) {
        Set<Follower> rest = all.stream().filter(each -> each != gone).collect(Collectors.toSet());
        return rest.isEmpty() ? null : rest;
    }

    /** The identity keeps two subscriptions of one runnable apart. */
    private record Follower(Object identity, Runnable grown) {}
}
