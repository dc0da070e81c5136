package services.chorus.seqthink.state;

import static java.util.Objects.requireNonNull;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.X509TrustManager;
import services.chorus.seqthink.settings.Heap;
import services.chorus.seqthink.state.LogPage.Entry;
import services.chorus.seqthink.state.Store.Draft;
import services.chorus.seqthink.state.Store.Member;
import services.chorus.seqthink.state.Store.Page;

/**
 * What is shared, sealed before it reaches its store. Whoever holds the store can lose things and
 * bring old ones back, but neither read nor forge: names are HMACs, values are sealed for their
 * server, name and place in a log, and none outlives the life it was given.
 *
 * <p>Names are made under every current secret, so replicas that know each other's secrets in
 * another order never both put a value or admit a member. What was put or admitted under secrets
 * that have all left since is forgotten before its time; a log stays, under the newest secret,
 * while entries are added to it.
 */
public final class SealedState implements SharedState, AutoCloseable {

    private static final String VALUE = "value";
    private static final String GROUP = "group";
    private static final String MEMBER = "member";
    private static final String LOG = "log";

    private static final int EPOCH_BYTES = 16;
    private static final int TRIES = 16;

    // more than any log has: a store that answers so many is lying
    private static final int MOST_UNOPENED_PAGES = 64;
    private static final int LARGE_PAGE_BYTES = 256 * 1024;

    // a store's scripts may count in doubles
    private static final long MOST_SEQUENCE = 1L << 52;

    private final Store store;
    private final SealingKeys keys;
    private final String server;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    SealedState(Store store, StateSecrets secrets, String server, InstantSource clock) {
        this.store = store;
        this.keys = new SealingKeys(secrets);
        this.server = requireNonNull(server, "server is null");
        this.clock = clock;
    }

    /**
     * State in this process's memory, gone with it, and shared by nobody else: at most a million
     * values and members, after which new ones are refused, and 256 MiB of logs or an eighth of the
     * heap, whichever is less, of which those that were longest out of use go first.
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
     * State in a Redis, which need not be there yet.
     *
     * @param trust whom to trust over TLS
     * @param server the {@code PUBLIC_URL}
     */
    public static SealedState inRedis(
            Vertx vertx,
            RedisUrl url,
            X509TrustManager trust,
            StateSecrets secrets,
            String server,
            InstantSource clock) {
        RedisStore store = new RedisStore(vertx, url, trust);
        store.reach();
        return new SealedState(store, secrets, server, clock);
    }

    @Override
    public Uni<Boolean> putIfAbsent(Name name, byte[] value, Duration life) {
        byte[] copy = value.clone();
        return later(
                () ->
                        store.putIfAbsent(
                                names(VALUE, name), seal(copy, life, valuePlace(name)), life));
    }

    @Override
    public Uni<Optional<byte[]>> get(Name name) {
        return later(() -> find(name)).map(found -> found.map(Found::value));
    }

    @Override
    public Uni<Boolean> expire(Name name, Duration life) {
        return later(() -> expire(name, life, TRIES));
    }

    @Override
    public Uni<Admission> admit(Name group, String member, Duration life, int most) {
        return later(() -> store.admit(members(group, member), life, most));
    }

    @Override
    public Uni<LogPosition> append(Name log, byte[] entry, LogLimits limits) {
        if (entry.length > limits.bytes()) {
            return Uni.createFrom()
                    .failure(new IllegalArgumentException("The entry is larger than a log may be"));
        }
        byte[] copy = entry.clone();
        return later(
                () ->
                        store.append(
                                names(LOG, log),
                                end -> {
                                    LogPosition next = next(end);
                                    String[] place = entryPlace(log, next);
                                    return new Draft(next, seal(copy, limits.life(), place));
                                },
                                limits));
    }

    @Override
    public Uni<LogPage> read(Name log, long after, int mostBytes) {
        return later(
                () -> {
                    long first = Math.clamp(after, 0, MOST_SEQUENCE);
                    return readFrom(log, first, mostBytes, mostBytes, MOST_UNOPENED_PAGES);
                });
    }

    @Override
    public Multi<Name> follow(Name log) {
        return Multi.createFrom()
                .deferred(() -> store.follow(names(LOG, log)))
                .map(grown -> log)
                .onOverflow()
                .dropPreviousItems();
    }

    /** Lets go of the store, and wipes the keys. */
    @Override
    public void close() {
        store.close();
        keys.close();
    }

    /** A value and the bytes that it was kept as. */
    private record Found(byte[] kept, byte[] value) {}

    private Uni<Optional<Found>> find(Name name) {
        return store.get(names(VALUE, name))
                .map(all -> all.stream().flatMap(kept -> found(name, kept).stream()).findFirst());
    }

    private Optional<Found> found(Name name, byte[] kept) {
        return open(kept, valuePlace(name)).map(value -> new Found(kept, value));
    }

    /** The end of a life is sealed in, so a value is sealed anew for another. */
    private Uni<Boolean> expire(Name name, Duration life, int tries) {
        if (tries == 0) {
            return Uni.createFrom()
                    .failure(new StateUnavailableException("A value changed too often to renew"));
        }
        return find(name)
                .flatMap(
                        found ->
                                found.map(old -> renew(name, old, life, tries))
                                        .orElseGet(() -> item(false)));
    }

    private Uni<Boolean> renew(Name name, Found old, Duration life, int tries) {
        byte[] anew = seal(old.value(), life, valuePlace(name));
        return store.replace(names(VALUE, name), old.kept(), anew, life)
                .flatMap(done -> done ? item(true) : expire(name, life, tries - 1));
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
        return store.read(names(LOG, log), after, pageBytes)
                .flatMap(
                        found ->
                                found.map(page -> opened(log, page, mostBytes, tries))
                                        .orElseGet(() -> item(LogPage.NONE)));
    }

    /** Entries that do not open count as forgotten: a page begins after them, or ends before. */
    private Uni<LogPage> opened(Name log, Page page, int mostBytes, int tries) {
        List<Entry> entries = new ArrayList<>();
        long sequence = page.first();
        long room = mostBytes;
        for (byte[] kept : page.entries()) {
            LogPosition position = new LogPosition(page.end().epoch(), sequence);
            Optional<byte[]> entry = open(kept, entryPlace(log, position));
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
                : item(new LogPage(Optional.of(page.end()), entries));
    }

    private List<String> names(String kind, Name name) {
        return keys.lend(
                all ->
                        all.stream()
                                .map(key -> key.name(server, kind, name.use(), name.id()))
                                .toList());
    }

    private List<Member> members(Name group, String member) {
        String use = group.use();
        String id = group.id();
        return keys.lend(
                all ->
                        all.stream()
                                .map(
                                        key ->
                                                new Member(
                                                        key.name(server, GROUP, use, id),
                                                        key.name(server, MEMBER, use, id, member)))
                                .toList());
    }

    private String[] valuePlace(Name name) {
        return new String[] {server, VALUE, name.use(), name.id()};
    }

    private String[] entryPlace(Name log, LogPosition position) {
        return new String[] {
            server, LOG, log.use(), log.id(), position.epoch(), Long.toString(position.sequence())
        };
    }

    private byte[] seal(byte[] value, Duration life, String[] place) {
        Instant until = clock.instant().plus(life);
        return keys.lend(all -> all.getFirst().seal(value, until, random, place));
    }

    private Optional<byte[]> open(byte[] kept, String[] place) {
        Instant now = clock.instant();
        return keys.lend(
                all ->
                        all.stream()
                                .flatMap(key -> key.open(kept, now, place).stream())
                                .findFirst());
    }

    private static <T> Uni<T> item(T item) {
        return Uni.createFrom().item(item);
    }

    private static <T> Uni<T> later(Supplier<Uni<? extends T>> work) {
        return Uni.createFrom().deferred(work);
    }
}
