package services.chorus.seqthink.state;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.function.Consumer;

/** A map whose entries leave by time only. Not safe for use by several threads. */
final class Expiring<K, V> {

    private final Map<K, Held<K, V>> held = new HashMap<>();
    private final PriorityQueue<Held<K, V>> leaving =
            new PriorityQueue<>(Comparator.comparing(Held::until));
    private final Consumer<K> left;

    /**
     * @param left told of each key whose life was over
     */
    Expiring(Consumer<K> left) {
        this.left = left;
    }

    /** Lets go of what should be gone by now; the other methods find all that is left. */
    void passTo(Instant now) {
        while (!leaving.isEmpty() && !leaving.peek().until().isAfter(now)) {
            Held<K, V> due = leaving.remove();
            if (held.remove(due.key(), due)) {
                left.accept(due.key());
            }
        }
    }

    int size() {
        return held.size();
    }

    Optional<V> get(K key) {
        return Optional.ofNullable(held.get(key)).map(Held::value);
    }

    /** Puts a value, instead of the one that was there. */
    void put(K key, V value, Instant until) {
        Held<K, V> next = new Held<>(key, value, until);
        // the one before stays in the queue until its time: to look for it there would take long
        held.put(key, next);
        leaving.add(next);
    }

    private record Held<K, V>(K key, V value, Instant until) {}
}
