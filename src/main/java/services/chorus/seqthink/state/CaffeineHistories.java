package services.chorus.seqthink.state;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.mutiny.Uni;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Histories in this process's memory, gone with it. */
// The classes that Caffeine picks for these bounds; Quarkus registers those of other bounds only.
@RegisterForReflection(
        classNames = {
            "com.github.benmanes.caffeine.cache.SSMWA",
            "com.github.benmanes.caffeine.cache.PSAMW"
        })
public final class CaffeineHistories implements Histories {

    private final HistoryLimits limits;
    private final Cache<ByteBuffer, Log> logs;

    /**
     * Starts with no log.
     *
     * @param ticker the time that {@link HistoryLimits#idle()} is measured by
     */
    public CaffeineHistories(HistoryLimits limits, Ticker ticker) {
        this.limits = limits;
        this.logs =
                Caffeine.newBuilder()
                        .maximumWeight(limits.totalBytes())
                        .weigher((ByteBuffer key, Log log) -> log.weight())
                        .expireAfterAccess(limits.idle())
                        .ticker(ticker)
                        .executor(Runnable::run)
                        .build();
    }

    @Override
    public Uni<Long> append(byte[] key, byte[] entry) {
        if (entry.length > limits.bytesPerLog()) {
            throw new IllegalArgumentException("The entry is larger than a log may be");
        }
        byte[] copy = entry.clone();
        return Uni.createFrom()
                .item(
                        () ->
                                logs.asMap()
                                        .merge(
                                                name(key),
                                                Log.of(copy),
                                                (log, first) -> log.append(copy, limits))
                                        .appended());
    }

    @Override
    public Uni<List<byte[]>> read(byte[] key) {
        return Uni.createFrom()
                .item(
                        () -> {
                            Log log = logs.getIfPresent(name(key));
                            return log == null ? List.of() : log.copies();
                        });
    }

    private static ByteBuffer name(byte[] key) {
        return ByteBuffer.wrap(key.clone());
    }

    /** One key's entries, never changed: an append makes a new log. */
    private record Log(long appended, int bytes, List<byte[]> entries) {

        // What a log and an entry weigh beside their bytes, roughly.
        private static final int LOG_OVERHEAD = 256;
        private static final int ENTRY_OVERHEAD = 32;

        static Log of(byte[] entry) {
            return new Log(1, entry.length, List.of(entry));
        }

        Log append(byte[] entry, HistoryLimits limits) {
            int total = bytes + entry.length;
            int first = 0;
            while (total > limits.bytesPerLog()
                    || entries.size() - first >= limits.entriesPerLog()) {
                total -= entries.get(first).length;
                first++;
            }
            List<byte[]> kept = new ArrayList<>(entries.size() - first + 1);
            kept.addAll(entries.subList(first, entries.size()));
            kept.add(entry);
            return new Log(appended + 1, total, kept);
        }

        int weight() {
            return LOG_OVERHEAD + bytes + ENTRY_OVERHEAD * entries.size();
        }

        List<byte[]> copies() {
            return entries.stream().map(byte[]::clone).toList();
        }
    }
}
