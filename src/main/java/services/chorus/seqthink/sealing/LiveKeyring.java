package services.chorus.seqthink.sealing;

import static java.util.stream.Collectors.toMap;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jboss.logging.Logger;
import services.chorus.seqthink.age.Identity;
import services.chorus.seqthink.age.KeyIdentity;
import services.chorus.seqthink.age.KeyRecipient;
import services.chorus.seqthink.config.Fault;
import services.chorus.seqthink.files.FileFault.FaultyFileException;
import services.chorus.seqthink.files.FileSnapshot;
import services.chorus.seqthink.files.FileWatch;
import services.chorus.seqthink.files.PrivateFile;

/**
 * The keys on disk, reloaded within five seconds after a file changes. An unusable file leaves the
 * previous keys in use, is logged once and makes {@link #broken} true. Thread-safe.
 */
public final class LiveKeyring implements Keys, AutoCloseable {

    /**
     * @param look how often the files are polled
     * @param wipeAfter how long a removed identity is kept for requests that still use it
     */
    record Pace(Duration look, Duration wipeAfter) {
        static final Pace USUAL = new Pace(FileWatch.USUAL_PACE, Duration.ofSeconds(60));
    }

    private static final Logger LOG = Logger.getLogger(LiveKeyring.class);

    private final Path identitiesFile;
    private final Optional<Path> recipientsFile;
    private final InstantSource clock;
    private final Pace pace;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("keyring").factory());
    private final List<Consumer<Keyring>> listeners = new CopyOnWriteArrayList<>();
    private final Map<Identity, Instant> lastUse = new ConcurrentHashMap<>();

    private volatile Keyring keyring;
    private volatile boolean broken;

    // guarded by this object's lock
    private final List<KeyIdentity> leaving = new ArrayList<>();
    private boolean closed;

    LiveKeyring(Path identitiesFile, Optional<Path> recipientsFile, InstantSource clock, Pace pace)
            throws IOException {
        this.identitiesFile = identitiesFile;
        this.recipientsFile = recipientsFile;
        this.clock = clock;
        this.pace = pace;
        List<Path> files = Keyring.files(identitiesFile, recipientsFile);
        try (FileSnapshot found = FileSnapshot.of(files)) {
            keyring = Keyring.read(found, identitiesFile, recipientsFile);
            keyring.identities().forEach(this::noteArrival);
            FileWatch.start(thread, pace.look(), files, found, this::reload);
        }
    }

    /**
     * Reads both files and polls them until closed.
     *
     * @param identities an {@link IdentitiesFile}
     * @param recipients of replies to bare requests
     * @throws IOException names the variable and the line of the fault, without its content
     */
    public static LiveKeyring open(Path identities, Optional<Path> recipients, InstantSource clock)
            throws IOException {
        return new LiveKeyring(identities, recipients, clock, Pace.USUAL);
    }

    @Override
    public Keyring current() {
        return keyring;
    }

    @Override
    public void opened(Identity by) {
        // not put, which would add a removed identity again
        lastUse.replace(by, clock.instant());
    }

    /** Time since an identity last opened a request or was loaded; zero for a removed one. */
    public Duration idle(KeyIdentity identity) {
        Instant now = clock.instant();
        return Duration.between(lastUse.getOrDefault(identity, now), now);
    }

    /** Whether the files are unusable, so that {@link #current} is older than they are. */
    public boolean broken() {
        return broken;
    }

    /** Adds a listener that is called after each change and must not block. */
    public void onChange(Consumer<Keyring> listener) {
        listeners.add(listener);
    }

    @Override
    public synchronized void close() {
        closed = true;
        thread.shutdownNow();
        leaving.forEach(KeyIdentity::close);
        keyring.identities().forEach(KeyIdentity::close);
    }

    private synchronized void reload(FileSnapshot found) {
        if (closed) {
            return;
        }
        try {
            Keyring next = Keyring.read(found, identitiesFile, recipientsFile);
            requireRisingVersion(next);
            broken = false;
            replaceBy(next);
        } catch (FaultyFileException e) {
            broken = true;
            LOG.warnf("%s; the previous keys stay in use", e.getMessage());
        }
    }

    /** Callers reject another recipient without a higher version. */
    private void requireRisingVersion(Keyring next) throws FaultyFileException {
        boolean changed =
                !next.currentIdentity().recipient().equals(keyring.currentIdentity().recipient());
        long least = changed ? keyring.version() + 1 : keyring.version();
        if (next.version() < least) {
            next.identities().forEach(KeyIdentity::close);
            throw new FaultyFileException(
                    new Fault(
                            SealingConfig.IDENTITIES,
                            "names a file whose recipients-version is below " + least,
                            "use the command rotate to change the current identity"));
        }
    }

    /** Keeps the objects of unchanged identities, which requests may be using. */
    private void replaceBy(Keyring next) {
        Map<KeyRecipient, KeyIdentity> known =
                keyring.identities().stream()
                        .collect(toMap(KeyIdentity::recipient, Function.identity()));
        List<KeyIdentity> identities = new ArrayList<>();
        for (KeyIdentity identity : next.identities()) {
            KeyIdentity same = known.remove(identity.recipient());
            if (same != null) {
                identity.close();
            }
            identities.add(same == null ? identity : same);
        }
        identities.forEach(this::noteArrival);
        Keyring before = keyring;
        keyring = new Keyring(next.version(), next.created(), identities, next.bareRecipients());
        known.values().forEach(this::wipeLater);
        log();
        if (!keyring.equals(before)) {
            listeners.forEach(this::notify);
        }
    }

    private void notify(Consumer<Keyring> listener) {
        try {
            listener.accept(keyring);
        } catch (RuntimeException e) {
            LOG.errorf("A listener failed after the keys changed: %s", e.getClass().getName());
        }
    }

    private void noteArrival(KeyIdentity identity) {
        lastUse.putIfAbsent(identity, clock.instant());
    }

    private void wipeLater(KeyIdentity identity) {
        lastUse.remove(identity);
        leaving.add(identity);
        thread.schedule(() -> wipe(identity), pace.wipeAfter().toNanos(), TimeUnit.NANOSECONDS);
    }

    private synchronized void wipe(KeyIdentity identity) {
        identity.close();
        leaving.remove(identity);
    }

    private void log() {
        PrivateFile.openToOthers(identitiesFile).ifPresent(LOG::warn);
        List<String> fingerprints =
                keyring.identities().stream().map(key -> key.recipient().fingerprint()).toList();
        LOG.infof(
                "keys loaded: version %d, current %s, other identities that decrypt requests [%s]",
                keyring.version(),
                fingerprints.getFirst(),
                String.join(", ", fingerprints.subList(1, fingerprints.size())));
    }
}
