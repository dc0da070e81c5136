package services.chorus.seqthink.state;

import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.X509TrustManager;
import services.chorus.seqthink.config.Heap;
import services.chorus.seqthink.json.StrictBase64;
import services.chorus.seqthink.state.SharedState.Entry;
import services.chorus.seqthink.state.SharedState.Limits;
import services.chorus.seqthink.state.SharedState.Page;
import services.chorus.seqthink.state.SharedState.Position;
import services.chorus.seqthink.state.Store.Draft;
import services.chorus.seqthink.state.Store.Stretch;

/**
 * Shared state that is sealed before it reaches its store. A malicious store can delete data and
 * return old data, but neither read nor forge it: names are HMACs, and a value opens only for its
 * server, name and position in a log, and until it expires.
 *
 * <p>Each name is derived under every current secret, so replicas that list the same secrets in
 * another order never both put a value or admit a member. Values and members are lost when all
 * secrets that were current when they were written have been removed. A log moves to the newest
 * secret with each entry.
 */
public final class SealedState implements SharedState, AutoCloseable {

    private static final String VALUE = "value";
    private static final String LOG = "log";
    private static final String OWNER = "owner";
    private static final int EPOCH_BYTES = 16;

    // no log has more: a store that returns so many unreadable pages is lying
    private static final int MOST_UNOPENED_PAGES = 64;
    private static final int LARGE_PAGE_BYTES = 256 * 1024;

    // the scripts of Redis count in doubles
    private static final long MOST_SEQUENCE = 1L << 52;

    private final Store store;
    private final Seals seals;
    private final SecureRandom random = new SecureRandom();

    SealedState(Store store, StateSecrets secrets, String server, InstantSource clock) {
        this.store = store;
        this.seals = new Seals(secrets, server, clock);
    }

    /**
     * State in this process's memory: at most a million values and members or a quarter of the
     * heap, beyond which new ones are rejected, no group more than half of them, and at most 256
     * MiB of logs or an eighth of the heap, beyond which the owner with most loses its least
     * recently used one.
     *
     * @param server the {@code PUBLIC_URL}
     */
    public static SealedState inMemory(
            StateSecrets secrets, String server, InstantSource clock, Heap heap) {
        return new SealedState(
                new EmbeddedStore(EmbeddedStore.Bounds.within(heap), clock),
                secrets,
                server,
                clock);
    }

    /**
     * State in a Redis, which need not be reachable yet.
     *
     * @param trust validates Redis's certificate
     * @param server the {@code PUBLIC_URL}
     */
    public static SealedState inRedis(
            Vertx vertx,
            RedisUrl url,
            X509TrustManager trust,
            StateSecrets secrets,
            String server,
            InstantSource clock) {
        return new SealedState(new RedisStore(vertx, url, trust), secrets, server, clock);
    }

    @Override
    public Snapshot look(Name name) {
        List<byte[]> found = store.get(seals.names(VALUE, name), StateDeadline.start());
        for (byte[] kept : found) {
            Optional<byte[]> value = seals.open(kept, VALUE, name);
            if (value.isPresent()) {
                return snapshot(name, Optional.of(kept), value);
            }
        }
        // a value that does not open counts as none, but a swap must still expect it
        return snapshot(name, found.stream().findFirst(), Optional.empty());
    }

    @Override
    public Admission admit(Name group, String member, Duration life, int most) {
        try {
            return store.admit(seals.members(group, member), life, most, StateDeadline.start());
        } catch (StateUnavailableException e) {
            return Admission.UNAVAILABLE;
        }
    }

    @Override
    public Position append(Name log, byte[] entry, Limits limits) {
        if (entry.length > limits.bytes()) {
            throw new IllegalArgumentException("The entry is larger than a log may be");
        }
        return store.append(
                seals.names(LOG, log),
                seals.names(OWNER, new Name("", log.owner())).getFirst(),
                end -> {
                    Position next = next(end);
                    byte[] sealed = seals.seal(entry, limits.life(), LOG, log, place(next));
                    return new Draft(next, sealed);
                },
                limits,
                StateDeadline.start());
    }

    /** {@inheritDoc} Skips entries that do not open. */
    @Override
    public Page read(Name log, long after, int mostBytes) {
        StateDeadline deadline = StateDeadline.start();
        long from = Math.clamp(after, 0, MOST_SEQUENCE);
        int bytes = mostBytes;
        for (int tries = MOST_UNOPENED_PAGES; ; tries--) {
            Optional<Stretch> found = store.read(seals.names(LOG, log), from, bytes, deadline);
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

    @Override
    public Subscription follow(Name log, Runnable grown) {
        return store.follow(seals.names(LOG, log), grown);
    }

    /** Closes the store and wipes the keys. */
    @Override
    public void close() {
        store.close();
        seals.close();
    }

    private Position next(Optional<Position> end) {
        if (end.isPresent()) {
            return new Position(end.get().epoch(), end.get().sequence() + 1);
        }
        byte[] epoch = new byte[EPOCH_BYTES];
        random.nextBytes(epoch);
        return new Position(StrictBase64.encode(epoch), 1);
    }

    /** The first consecutive entries that open, at least one whatever its size. */
    private List<Entry> opened(Name log, Stretch stretch, int mostBytes) {
        List<Entry> entries = new ArrayList<>();
        long sequence = stretch.first();
        long room = mostBytes;
        for (byte[] kept : stretch.entries()) {
            Position position = new Position(stretch.end().epoch(), sequence++);
            Optional<byte[]> entry = seals.open(kept, LOG, log, place(position));
            room -= entry.map(bytes -> bytes.length).orElse(0);
            if (!entries.isEmpty() && (entry.isEmpty() || room < 0)) {
                break;
            }
            entry.ifPresent(bytes -> entries.add(new Entry(position.sequence(), bytes)));
        }
        return entries;
    }

    private static String[] place(Position position) {
        return new String[] {position.epoch(), Long.toString(position.sequence())};
    }

    private Snapshot snapshot(Name name, Optional<byte[]> kept, Optional<byte[]> value) {
        return new Snapshot() {
            @Override
            public Optional<byte[]> value() {
                return value;
            }

            @Override
            public boolean swap(byte[] next, Duration life) {
                byte[] sealed = seals.seal(next, life, VALUE, name);
                return store.swap(
                        seals.names(VALUE, name), kept, sealed, life, StateDeadline.start());
            }
        };
    }
}
