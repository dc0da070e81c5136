package services.chorus.seqthink.issuer.clients;

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
import org.jboss.logging.Logger;
import services.chorus.seqthink.issuer.store.StoreException;
import services.chorus.seqthink.issuer.store.StoreFile;

/**
 * When each client last proved itself, in a file beside that of the clients. Noting costs a caller
 * nothing: what was noted is written a minute later at the latest, by a thread of its own, and when
 * this is closed; a process that is killed loses that minute. Removed clients vanish from the file.
 * Safe for use by several threads; open it once in a process.
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
    private boolean complained;

    LastUsed(Clients clients, Path clientsPath, InstantSource clock, Duration betweenWrites) {
        this.file = file(clientsPath);
        this.clients = clients;
        this.clock = clock;
        this.betweenWrites = betweenWrites;
        this.writer =
                new ScheduledThreadPoolExecutor(
                        1,
                        Thread.ofPlatform().daemon().name("issuer-clients").factory(),
                        // once closed: what is noted after that is lost
                        new ScheduledThreadPoolExecutor.DiscardPolicy());
    }

    /**
     * The times of these clients; nothing is read or written yet.
     *
     * @param clientsPath the clients' own file
     */
    public static LastUsed of(Clients clients, Path clientsPath, InstantSource clock) {
        return new LastUsed(clients, clientsPath, clock, BETWEEN_WRITES);
    }

    /** The file for what it holds. */
    public static StoreFile<Document> file(Path clientsPath) {
        return new StoreFile<>(path(clientsPath), Document.class);
    }

    /** Where the times of the clients in that file are kept. */
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
     * The time of each client that was ever used, by its id.
     *
     * @throws StoreException when the file cannot be used as it is
     */
    public Map<String, Instant> times() {
        return next(present()).lastUsed();
    }

    /**
     * Writes what was noted and lets go of removed clients, where that changes anything.
     *
     * @throws StoreException when the file cannot be used as it is
     */
    public void write() {
        Map<String, Instant> written = Map.copyOf(noted);
        Document present = present();
        if (!next(present).equals(present)) {
            file.update(before -> next(before.orElse(Document.EMPTY)));
        }
        written.forEach(noted::remove);
    }

    /** Writes what was noted. */
    @Override
    public void close() {
        writer.shutdownNow();
        writeNoted();
    }

    private synchronized void writeNoted() {
        due.set(false);
        try {
            write();
            complained = false;
        } catch (StoreException e) {
            if (!complained) {
                LOG.warnf("The times at which clients were used are not kept: %s", e.getMessage());
            }
            complained = true;
        }
    }

    private Document present() {
        return file.read().orElse(Document.EMPTY);
    }

    private Document next(Document before) {
        var times = new TreeMap<>(before.lastUsed());
        noted.forEach((id, time) -> times.merge(id, time, LastUsed::later));
        times.keySet().retainAll(clients.ids());
        return new Document(times);
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    /** The whole file. */
    @RegisterForReflection
    public record Document(@JsonProperty("last_used") Map<String, Instant> lastUsed) {

        public static final Document EMPTY = new Document(Map.of());

        public Document {
            // no null in it, and in alphabetical order
            lastUsed = Collections.unmodifiableMap(new TreeMap<>(Map.copyOf(lastUsed)));
        }
    }
}
