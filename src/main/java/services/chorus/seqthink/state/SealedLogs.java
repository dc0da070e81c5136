package services.chorus.seqthink.state;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import services.chorus.seqthink.state.SharedLog.Entry;
import services.chorus.seqthink.state.SharedLog.Limits;
import services.chorus.seqthink.state.SharedLog.Page;
import services.chorus.seqthink.state.SharedLog.Position;
import services.chorus.seqthink.state.SharedState.Subscription;
import services.chorus.seqthink.state.Store.Draft;
import services.chorus.seqthink.state.Store.Stretch;

/** Logs, each entry sealed for its log and its position there. */
final class SealedLogs {

    private static final String KIND = "log";
    private static final int EPOCH_BYTES = 16;

    // more than any log has: a store that answers so many is lying
    private static final int MOST_UNOPENED_PAGES = 64;
    private static final int LARGE_PAGE_BYTES = 256 * 1024;

    // a store's scripts may count in doubles
    private static final long MOST_SEQUENCE = 1L << 52;

    private final Store store;
    private final Seals seals;
    private final SecureRandom random = new SecureRandom();

    SealedLogs(Store store, Seals seals) {
        this.store = store;
        this.seals = seals;
    }

    Position append(Name log, byte[] entry, Limits limits, Deadline deadline) {
        return store.append(
                names(log),
                end -> {
                    Position next = next(end);
                    return new Draft(
                            next, seals.seal(entry, limits.life(), KIND, log, within(next)));
                },
                limits,
                deadline);
    }

    /** Entries that do not open count as forgotten: a page begins after them, or ends before. */
    Page read(Name log, long after, int mostBytes, Deadline deadline) {
        long from = Math.clamp(after, 0, MOST_SEQUENCE);
        int bytes = mostBytes;
        for (int tries = MOST_UNOPENED_PAGES; ; tries--) {
            Optional<Stretch> found = store.read(names(log), from, bytes, deadline);
            if (found.isEmpty()) {
                return Page.NONE;
            }
            Stretch stretch = found.get();
            List<Entry> entries = opened(log, stretch, mostBytes);
            if (!entries.isEmpty() || stretch.entries().isEmpty() || tries == 1) {
                return new Page(Optional.of(stretch.end()), entries);
            }
            from = stretch.first() + stretch.entries().size() - 1;
            bytes = Math.max(mostBytes, LARGE_PAGE_BYTES);
        }
    }

    Subscription follow(Name log, Runnable grown) {
        return store.follow(names(log), grown);
    }

    private Position next(Optional<Position> end) {
        return end.map(last -> new Position(last.epoch(), last.sequence() + 1))
                .orElseGet(() -> new Position(epoch(), 1));
    }

    private String epoch() {
        byte[] bytes = new byte[EPOCH_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** The first entries that open and follow one another; one at least, whatever its size. */
    private List<Entry> opened(Name log, Stretch stretch, int mostBytes) {
        List<Entry> entries = new ArrayList<>();
        long sequence = stretch.first();
        long room = mostBytes;
        for (byte[] kept : stretch.entries()) {
            Position position = new Position(stretch.end().epoch(), sequence++);
            Optional<byte[]> entry = seals.open(kept, KIND, log, within(position));
            room -= entry.map(bytes -> bytes.length).orElse(0);
            if (!entries.isEmpty() && (entry.isEmpty() || room < 0)) {
                break;
            }
            entry.ifPresent(bytes -> entries.add(new Entry(position.sequence(), bytes)));
        }
        return entries;
    }

    private List<String> names(Name log) {
        return seals.names(KIND, log);
    }

    private static String[] within(Position position) {
        return new String[] {position.epoch(), Long.toString(position.sequence())};
    }
}
