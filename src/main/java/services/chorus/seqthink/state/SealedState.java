package services.chorus.seqthink.state;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
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

    private static final String VALUE = "value";

    private final Store store;
    private final Seals seals;
    private final SealedLogs logs;

    SealedState(Store store, StateSecrets secrets, String server, InstantSource clock) {
        this.store = store;
        this.seals = new Seals(secrets, server, clock);
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
    public Snapshot look(Name name) {
        List<byte[]> found = store.get(seals.names(VALUE, name), Deadline.start());
        for (byte[] kept : found) {
            Optional<byte[]> value = seals.open(kept, VALUE, name);
            if (value.isPresent()) {
                return new Seen(name, Optional.of(kept), value);
            }
        }
        // what does not open has no value, and still is in the way of another
        return new Seen(name, found.stream().findFirst(), Optional.empty());
    }

    @Override
    public Admission admit(Name group, String member, Duration life, int most) {
        try {
            return store.admit(seals.members(group, member), life, most, Deadline.start());
        } catch (StateUnavailableException e) {
            return Admission.UNAVAILABLE;
        }
    }

    @Override
    public SharedLog.Position append(Name log, byte[] entry, SharedLog.Limits limits) {
        if (entry.length > limits.bytes()) {
            throw new IllegalArgumentException("The entry is larger than a log may be");
        }
        return logs.append(log, entry, limits, Deadline.start());
    }

    @Override
    public SharedLog.Page read(Name log, long after, int mostBytes) {
        return logs.read(log, after, mostBytes, Deadline.start());
    }

    @Override
    public Subscription follow(Name log, Runnable grown) {
        return logs.follow(log, grown);
    }

    /** Closes the store, and wipes the keys. */
    @Override
    public void close() {
        store.close();
        seals.close();
    }

    private final class Seen implements Snapshot {

        private final Name name;
        private final Optional<byte[]> kept;
        private final Optional<byte[]> value;

        Seen(Name name, Optional<byte[]> kept, Optional<byte[]> value) {
            this.name = name;
            this.kept = kept;
            this.value = value;
        }

        @Override
        public Optional<byte[]> value() {
            return value;
        }

        @Override
        public boolean swap(byte[] next, Duration life) {
            byte[] sealed = seals.seal(next, life, VALUE, name);
            return store.swap(seals.names(VALUE, name), kept, sealed, life, Deadline.start());
        }
    }
}
