package services.chorus.seqthink.state;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import services.chorus.seqthink.state.StateSecrets.Secret;

/**
 * The keys of the secrets that are current, derived once. Those of a secret that has left are
 * wiped.
 */
final class SealingKeys implements AutoCloseable {

    private final StateSecrets secrets;
    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private Map<String, SealingKey> keys = Map.of();

    SealingKeys(StateSecrets secrets) {
        this.secrets = secrets;
    }

    /**
     * Lends the keys, in the order of their secrets.
     *
     * @param work keeps none of them
     */
    <T> T lend(Function<List<SealingKey>, T> work) {
        follow(secrets.current());
        lock.readLock().lock();
        try {
            return work.apply(List.copyOf(keys.values()));
        } finally {
            lock.readLock().unlock();
        }
    }

    @Override
    public void close() {
        follow(List.of());
    }

    private void follow(List<Secret> current) {
        List<String> fingerprints = current.stream().map(Secret::fingerprint).distinct().toList();
        lock.readLock().lock();
        try {
            if (fingerprints.equals(List.copyOf(keys.keySet()))) {
                return;
            }
        } finally {
            lock.readLock().unlock();
        }
        lock.writeLock().lock();
        try {
            Map<String, SealingKey> next = new LinkedHashMap<>();
            for (Secret secret : current) {
                next.computeIfAbsent(
                        secret.fingerprint(),
                        known ->
                                keys.containsKey(known) ? keys.get(known) : new SealingKey(secret));
            }
            keys.forEach(
                    (fingerprint, key) -> {
                        if (!next.containsKey(fingerprint)) {
                            key.close();
                        }
                    });
            keys = next;
        } finally {
            lock.writeLock().unlock();
        }
    }
}
