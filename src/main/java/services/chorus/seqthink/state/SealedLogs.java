package services.chorus.seqthink.state;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import services.chorus.seqthink.state.LogPage.Entry;
import services.chorus.seqthink.state.Store.Draft;
import services.chorus.seqthink.state.Store.Page;

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

    Uni<LogPosition> append(Name log, byte[] entry, LogLimits limits) {
        return store.append(
                names(log),
                end -> {
                    LogPosition next = next(end);
                    return new Draft(next, seal(log, next, entry, limits));
                },
                limits);
    }

    Uni<LogPage> read(Name log, long after, int mostBytes) {
        long first = Math.clamp(after, 0, MOST_SEQUENCE);
        return readFrom(log, first, mostBytes, mostBytes, MOST_UNOPENED_PAGES);
    }

    Multi<String> follow(Name log) {
        return store.follow(names(log));
    }

    private LogPosition next(Optional<LogPosition> end) {
        return end.map(last -> new LogPosition(last.epoch(), last.sequence() + 1))
                .orElseGet(() -> new LogPosition(epoch(), 1));
    }

    private String epoch() {
        byte[] bytes = new byte[EPOCH_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private Uni<LogPage> readFrom(Name log, long after, int pageBytes, int mostBytes, int tries) {
        return store.read(names(log), after, pageBytes)
                .flatMap(
                        found ->
                                found.map(page -> opened(log, page, mostBytes, tries))
                                        .orElseGet(() -> Uni.createFrom().item(LogPage.NONE)));
    }

    /** Entries that do not open count as forgotten: a page begins after them, or ends before. */
    private Uni<LogPage> opened(Name log, Page page, int mostBytes, int tries) {
        List<Entry> entries = new ArrayList<>();
        long sequence = page.first();
        long room = mostBytes;
        for (byte[] kept : page.entries()) {
            LogPosition position = new LogPosition(page.end().epoch(), sequence);
            Optional<byte[]> entry = open(log, position, kept);
            room -= entry.map(bytes -> bytes.length).orElse(0);
            if (!entries.isEmpty() && (entry.isEmpty() || room < 0)) {
                break;
            }
            entry.ifPresent(bytes -> entries.add(new Entry(position.sequence(), bytes)));
            sequence++;
        }
        int largePage = Math.max(mostBytes, LARGE_PAGE_BYTES);
        return entries.isEmpty() && !page.entries().isEmpty() && tries > 1
                ? readFrom(log, sequence - 1, largePage, mostBytes, tries - 1)
                : Uni.createFrom().item(new LogPage(Optional.of(page.end()), entries));
    }

    private List<String> names(Name log) {
        return seals.names(KIND, log);
    }

    private byte[] seal(Name log, LogPosition position, byte[] entry, LogLimits limits) {
        return seals.seal(entry, limits.life(), KIND, log, within(position));
    }

    private Optional<byte[]> open(Name log, LogPosition position, byte[] kept) {
        return seals.open(kept, KIND, log, within(position));
    }

    private static String[] within(LogPosition position) {
        return new String[] {position.epoch(), Long.toString(position.sequence())};
    }
}
