package services.chorus.seqthink.state;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import java.util.stream.Stream;
import services.chorus.seqthink.state.StateSecrets.Secret;
import services.chorus.seqthink.state.Store.Member;

/**
 * Derives the names and seals the values of one server. The place that a value is sealed for
 * consists of its kind, its name and, in a log, its position. The keys of a secret are derived once
 * and wiped when it is no longer current. Safe for use by several threads.
 */
final class Seals implements AutoCloseable {

    private static final String GROUP = "group";
    private static final String MEMBER = "member";

    private final StateSecrets secrets;
    private final String server;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();
    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private volatile Map<String, SealingKey> keys = Map.of();

    Seals(StateSecrets secrets, String server, InstantSource clock) {
        this.secrets = secrets;
        this.server = server;
        this.clock = clock;
    }

    /** The name in the store under each current secret, the newest secret first. */
    List<String> names(String kind, Name name) {
        return withKeys(all -> all.stream().map(key -> key.name(parts(kind, name))).toList());
    }

    /** Group and member in the store under each current secret. */
    List<Member> members(Name group, String member) {
        String[] groupParts = parts(GROUP, group);
        String[] memberParts = parts(MEMBER, group, member);
        return withKeys(
                all ->
                        all.stream()
                                .map(key -> new Member(key.name(groupParts), key.name(memberParts)))
                                .toList());
    }

    /** Seals a value for its place under the newest secret. */
    byte[] seal(byte[] value, Duration life, String kind, Name name, String... more) {
        Instant until = clock.instant().plus(life);
        String[] place = parts(kind, name, more);
        return withKeys(all -> all.getFirst().seal(value, until, random, place));
    }

    /** Opens a value that was sealed for its place under any current secret and has not expired. */
    Optional<byte[]> open(byte[] kept, String kind, Name name, String... more) {
        Instant now = clock.instant();
        String[] place = parts(kind, name, more);
        return withKeys(
                all ->
                        all.stream()
                                .flatMap(key -> key.open(kept, now, place).stream())
                                .findFirst());
    }

    @Override
    public void close() {
        replaceKeys(List.of());
    }

    private String[] parts(String kind, Name name, String... more) {
        return Stream.concat(Stream.of(server, kind, name.use(), name.id()), Stream.of(more))
                .toArray(String[]::new);
    }

    /** Calls with the current keys, in the order of their secrets; none is wiped meanwhile. */
    private <T> T withKeys(Function<List<SealingKey>, T> work) {
        List<Secret> current = secrets.current();
        List<String> fingerprints = current.stream().map(Secret::fingerprint).distinct().toList();
        if (!fingerprints.equals(List.copyOf(keys.keySet()))) {
            replaceKeys(current);
        }
        lock.readLock().lock();
        try {
            return work.apply(List.copyOf(keys.values()));
        } finally {
            lock.readLock().unlock();
        }
    }

    private void replaceKeys(List<Secret> current) {
        lock.writeLock().lock();
        try {
            Map<String, SealingKey> next = new LinkedHashMap<>();
            for (Secret secret : current) {
                next.computeIfAbsent(
                        secret.fingerprint(),
                        known ->
                                keys.containsKey(known) ? keys.get(known) : new SealingKey(secret));
            }
            keys.values().stream()
                    .filter(key -> !next.containsValue(key))
                    .forEach(SealingKey::close);
            keys = next;
        } finally {
            lock.writeLock().unlock();
        }
    }
}
