package services.chorus.seqthink.issuer.clients;

import static java.util.Comparator.naturalOrder;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BinaryOperator;
import org.jboss.logging.Logger;
import services.chorus.seqthink.issuer.store.StoreException;
import services.chorus.seqthink.issuer.store.StoreFile;

/**
 * When each client last authenticated, in a file beside the clients' own. Times are written by a
 * thread of its own, a minute later at the latest and when this is closed; a process that is killed
 * loses that minute. Removed clients are dropped from the file. Safe for use by several threads;
 * open it once in a process.
 */
public final class LastUsed implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(LastUsed.class);
    private static final Duration BETWEEN_WRITES = Duration.ofMinutes(1);

    private final StoreFile<Document> file;
    private final Clients clients;
    private final InstantSource clock;
    private final Duration betweenWrites;
    private final Map<String, Instant> noted = new ConcurrentHashMap<>();
    private final AtomicBoolean due = new AtomicBoolean();
    private final ScheduledThreadPoolExecutor writer;
    private boolean logged;

    LastUsed(Clients clients, Path clientsPath, InstantSource clock, Duration betweenWrites) {
        this.file = file(clientsPath);
        this.clients = clients;
        this.clock = clock;
        this.betweenWrites = betweenWrites;
        this.writer =
                new ScheduledThreadPoolExecutor(
                        1,
                        Thread.ofPlatform().daemon().name("issuer-clients").factory(),
                        // discards what is noted after close
                        new ScheduledThreadPoolExecutor.DiscardPolicy());
    }

    /** Reads and writes nothing yet. */
    public LastUsed(Clients clients, Path clientsPath, InstantSource clock) {
        this(clients, clientsPath, clock, BETWEEN_WRITES);
    }

    public static StoreFile<Document> file(Path clientsPath) {
        return new StoreFile<>(path(clientsPath), Document.class);
    }

    /** The path of the times that belong to a clients file. */
    public static Path path(Path clientsPath) {
        return clientsPath.resolveSibling(clientsPath.getFileName() + ".used.json");
    }

    void note(String clientId) {
        noted.put(clientId, clock.instant().truncatedTo(ChronoUnit.SECONDS));
        if (due.compareAndSet(false, true)) {
            writer.schedule(this::writeNoted, betweenWrites.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /**
     * The time of each client that has authenticated, by its id.
     *
     * @throws StoreException when the file cannot be used
     */
    public Map<String, Instant> times() {
        return next(current()).lastUsed();
    }

    /**
     * Writes the noted times and drops removed clients, if that changes anything.
     *
     * @throws StoreException when the file cannot be used
     */
    public void write() {
        Map<String, Instant> written = Map.copyOf(noted);
        Document current = current();
        if (!next(current).equals(current)) {
            file.update(before -> next(before.orElse(Document.EMPTY)));
        }
        written.forEach(noted::remove);
    }

    @Override
    public void close() {
        writer.shutdownNow();
        writeNoted();
    }

    private synchronized void writeNoted() {
        due.set(false);
        try {
            write();
            logged = false;
        } catch (StoreException e) {
            if (!logged) {
                LOG.warnf(
                        "The times at which clients were last used are not written: %s",
                        e.getMessage());
            }
            logged = true;
        }
    }

    private Document current() {
        return file.read().orElse(Document.EMPTY);
    }

    private Document next(Document before) {
        var times = new TreeMap<>(before.lastUsed());
        noted.forEach((id, time) -> times.merge(id, time, BinaryOperator.maxBy(naturalOrder())));
        times.keySet().retainAll(clients.ids());
        return new Document(times);
    }

    /** The content of the file. */
    @RegisterForReflection
    public record Document(@JsonProperty("last_used") Map<String, Instant> lastUsed) {

        public static final Document EMPTY = new Document(Map.of());

        public Document {
            // copyOf rejects nulls, the TreeMap sorts
            lastUsed = Collections.unmodifiableMap(new TreeMap<>(Map.copyOf(lastUsed)));
        }
    }
}
