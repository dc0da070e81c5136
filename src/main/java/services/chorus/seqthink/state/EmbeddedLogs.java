package services.chorus.seqthink.state;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import services.chorus.seqthink.state.SharedState.Limits;
import services.chorus.seqthink.state.SharedState.Position;
import services.chorus.seqthink.state.Store.Draft;
import services.chorus.seqthink.state.Store.Stretch;

/**
 * Logs in memory. When they exceed a total weight, the owner whose logs weigh most loses the one it
 * used least recently. So an owner loses logs only while no other has more, however many another
 * begins. Not safe for use by several threads.
 */
final class EmbeddedLogs {

    // estimated overhead in bytes
    private static final int LOG_OVERHEAD = 256;
    private static final int ENTRY_OVERHEAD = 32;

    private final long mostWeight;
    // in the order of their last entries, and so of their expiry
    private final LinkedHashMap<String, Log> logs = new LinkedHashMap<>();
    private final Map<String, Owner> owners = new HashMap<>();
    private final TreeSet<Owner> byWeight =
            new TreeSet<>(
                    Comparator.<Owner>comparingLong(owner -> owner.weight)
                            .thenComparing(owner -> owner.name));
    private long weight;

    EmbeddedLogs(long mostWeight) {
        this.mostWeight = mostWeight;
    }

    /** Drops expired logs, up to the first that has not expired. */
    void expire(Instant now) {
        while (!logs.isEmpty() && !logs.firstEntry().getValue().isAlive(now)) {
            remove(logs.firstEntry().getKey());
        }
    }

    Optional<Position> end(List<String> names, Instant now) {
        return find(names, now).map(log -> log.end);
    }

    void append(List<String> names, String owner, Draft draft, Limits limits, Instant now) {
        Log log = find(names, now).orElseGet(() -> new Log(owner));
        names.forEach(this::remove);
        log.append(draft, limits, now);
        add(names.getFirst(), log);
        while (weight > mostWeight) {
            remove(byWeight.last().leastRecentlyUsed());
        }
    }

    Optional<Stretch> read(List<String> names, long after, int mostBytes, Instant now) {
        return find(names, now).map(log -> log.read(after, mostBytes));
    }

    private Optional<Log> find(List<String> names, Instant now) {
        for (String name : names) {
            Log log = logs.get(name);
            if (log != null && log.isAlive(now)) {
                owners.get(log.owner).use(name);
                return Optional.of(log);
            }
        }
        return Optional.empty();
    }

    private void add(String name, Log log) {
        logs.put(name, log);
        Owner owner = owners.computeIfAbsent(log.owner, Owner::new);
        byWeight.remove(owner);
        owner.add(name, log);
        byWeight.add(owner);
        weight += log.weight();
    }

    private void remove(String name) {
        Log log = logs.remove(name);
        if (log == null) {
            return;
        }
        Owner owner = owners.get(log.owner);
        byWeight.remove(owner);
        owner.remove(name, log);
        if (owner.inOrderOfUse.isEmpty()) {
            owners.remove(owner.name);
        } else {
            byWeight.add(owner);
        }
        weight -= log.weight();
    }

    /** The logs of one owner. */
    private static final class Owner {

        private final String name;
        private final LinkedHashMap<String, Log> inOrderOfUse =
                new LinkedHashMap<>(16, 0.75f, true);
        private long weight;

        Owner(String name) {
            this.name = name;
        }

        void add(String logName, Log log) {
            inOrderOfUse.put(logName, log);
            weight += log.weight();
        }

        void remove(String logName, Log log) {
            inOrderOfUse.remove(logName);
            weight -= log.weight();
        }

        void use(String logName) {
            inOrderOfUse.get(logName);
        }

        String leastRecentlyUsed() {
            return inOrderOfUse.firstEntry().getKey();
        }
    }

    private static final class Log {

        private final String owner;
        private final Deque<byte[]> entries = new ArrayDeque<>();
        private int bytes;
        private Position end;
        private Instant until;

        Log(String owner) {
            this.owner = owner;
        }

        boolean isAlive(Instant now) {
            return until.isAfter(now);
        }

        long weight() {
            return LOG_OVERHEAD
                    + bytes
                    + (long) (ENTRY_OVERHEAD + Store.SEAL_BYTES) * entries.size();
        }

        void append(Draft draft, Limits limits, Instant now) {
            entries.add(draft.entry());
            bytes += bytesIn(draft.entry());
            while (bytes > limits.bytes() || entries.size() > limits.entries()) {
                bytes -= bytesIn(entries.remove());
            }
            end = draft.position();
            until = now.plus(limits.life());
        }

        Stretch read(long after, int mostBytes) {
            long oldest = end.sequence() - entries.size() + 1;
            long first = Math.max(oldest, after + 1);
            List<byte[]> stretch = new ArrayList<>();
            int taken = 0;
            for (byte[] entry : entries.stream().skip(first - oldest).toList()) {
                taken += bytesIn(entry);
                if (taken > mostBytes && !stretch.isEmpty()) {
                    break;
                }
                stretch.add(entry);
            }
            return new Stretch(end, first, stretch);
        }

        private static int bytesIn(byte[] entry) {
            return entry.length - Store.SEAL_BYTES;
        }
    }
}
