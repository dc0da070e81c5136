package services.chorus.seqthink.state;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.X509TrustManager;
import services.chorus.seqthink.config.Heap;

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

    private final Store store;
    private final Seals seals;
    private final SealedValues values;
    private final SealedLogs logs;

    SealedState(Store store, StateSecrets secrets, String server, InstantSource clock) {
        this.store = store;
        this.seals = new Seals(secrets, server, clock);
        this.values = new SealedValues(store, seals);
        this.logs = new SealedLogs(store, seals);
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
        return later(() -> values.putIfAbsent(name, copy, life));
    }

    @Override
    public Uni<Optional<byte[]>> get(Name name) {
        return look(name).map(Snapshot::value);
    }

    @Override
    public Uni<Snapshot> look(Name name) {
        return later(() -> values.look(name));
    }

    @Override
    public Uni<Boolean> expire(Name name, Duration life) {
        return later(() -> values.expire(name, life));
    }

    @Override
    public Uni<Admission> admit(Name group, String member, Duration life, int most) {
        return later(() -> store.admit(seals.members(group, member), life, most));
    }

    @Override
    public Uni<LogPosition> append(Name log, byte[] entry, LogLimits limits) {
        if (entry.length > limits.bytes()) {
            return Uni.createFrom()
                    .failure(new IllegalArgumentException("The entry is larger than a log may be"));
        }
        byte[] copy = entry.clone();
        return later(() -> logs.append(log, copy, limits));
    }

    @Override
    public Uni<LogPage> read(Name log, long after, int mostBytes) {
        return later(() -> logs.read(log, after, mostBytes));
    }

    @Override
    public Multi<Name> follow(Name log) {
        return Multi.createFrom()
                .deferred(() -> logs.follow(log))
                .map(grown -> log)
                .onOverflow()
                .dropPreviousItems();
    }

    /** Lets go of the store, and wipes the keys. */
    @Override
    public void close() {
        store.close();
        seals.close();
    }

    private static <T> Uni<T> later(Supplier<Uni<? extends T>> work) {
        return Uni.createFrom().deferred(work);
    }
}
