package services.chorus.seqthink.state;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import services.chorus.seqthink.state.SharedState.Limits;
import services.chorus.seqthink.state.SharedState.Position;
import services.chorus.seqthink.state.Store.Draft;
import services.chorus.seqthink.state.Store.Stretch;

/**
 * Logs in memory. When they exceed a total weight, the least recently used logs are dropped. Not
 * safe for use by several threads.
 */
final class EmbeddedLogs {

    // estimated overhead in bytes
    private static final int LOG_OVERHEAD = 256;
    private static final int ENTRY_OVERHEAD = 32;

    private final long mostWeight;
    private final LinkedHashMap<String, Log> inOrderOfUse = new LinkedHashMap<>(16, 0.75f, true);
    private long weight;

    EmbeddedLogs(long mostWeight) {
        this.mostWeight = mostWeight;
    }

    /** Drops expired logs, up to the least recently used one that has not expired. */
    void expire(Instant now) {
        Iterator<Log> logs = inOrderOfUse.values().iterator();
        while (logs.hasNext()) {
            Log log = logs.next();
            if (log.isAlive(now)) {
                return;
            }
            weight -= log.weight();
            logs.remove();
        }
    }

    Optional<Position> end(List<String> names, Instant now) {
        return find(names, now).map(log -> log.end);
    }

    void append(List<String> names, Draft draft, Limits limits, Instant now) {
        Log log = find(names, now).orElseGet(Log::new);
        names.forEach(this::remove);
        log.append(draft, limits, now);
        inOrderOfUse.put(names.getFirst(), log);
        weight += log.weight();
        Iterator<Log> eldest = inOrderOfUse.values().iterator();
        while (weight > mostWeight) {
            weight -= eldest.next().weight();
            eldest.remove();
        }
    }

    Optional<Stretch> read(List<String> names, long after, int mostBytes, Instant now) {
        return find(names, now).map(log -> log.read(after, mostBytes));
    }

    private Optional<Log> find(List<String> names, Instant now) {
        for (String name : names) {
            Log log = inOrderOfUse.get(name);
            if (log != null && log.isAlive(now)) {
                return Optional.of(log);
            }
        }
        return Optional.empty();
    }

    private void remove(String name) {
        Log log = inOrderOfUse.remove(name);
        if (log != null) {
            weight -= log.weight();
        }
    }

    private static final class Log {

        private final Deque<byte[]> entries = new ArrayDeque<>();
        private int bytes;
        private Position end;
        private Instant until;

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
