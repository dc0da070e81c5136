package services.chorus.seqthink.sealing;

import static java.util.function.Function.identity;
import static java.util.stream.Collectors.joining;
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
import org.jboss.logging.Logger;
import services.chorus.seqthink.age.Identity;
import services.chorus.seqthink.age.KeyIdentity;
import services.chorus.seqthink.age.KeyRecipient;
import services.chorus.seqthink.config.Fault;
import services.chorus.seqthink.files.FileMode;
import services.chorus.seqthink.files.FileWatch;

/**
 * The keys on disk as they are now. A changed file is taken up within five seconds; one that cannot
 * be used leaves the keys as they were, is named in the log once, and makes {@link #broken} true.
 * Safe for use by several threads.
 */
public final class LiveKeyring implements Keys, AutoCloseable {

    /**
     * When things happen.
     *
     * @param look how long from one look at the files to the next
     * @param farewell how long the secret of an identity that left its file is kept, for whoever
     *     still works with the keys of before
     */
    record Pace(Duration look, Duration farewell) {
        static final Pace USUAL = new Pace(FileWatch.USUAL_PACE, Duration.ofSeconds(60));
    }

    private static final Logger LOG = Logger.getLogger(LiveKeyring.class);

    private final KeyFiles files;
    private final InstantSource clock;
    private final Pace pace;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("keyring").factory());
    private final List<Consumer<Keyring>> followers = new CopyOnWriteArrayList<>();
    private final Map<Identity, Instant> lastUse = new ConcurrentHashMap<>();

    private volatile Keyring keyring;
    private volatile boolean broken;

    // of whoever holds this object's lock
    private final List<KeyIdentity> leaving = new ArrayList<>();
    private boolean closed;

    private LiveKeyring(KeyFiles files, InstantSource clock, Pace pace) throws IOException {
        this.files = files;
        this.clock = clock;
        this.pace = pace;
        try (KeyFiles.Found found = files.look()) {
            keyring = found.keyring();
            follow(keyring.identities());
            FileWatch.start(thread, pace.look(), files::look, found.mark(), this::judge);
        }
    }

    /**
     * Reads both files, and follows them until closed.
     *
     * @param identities an {@link IdentitiesFile}
     * @param recipients whom bare requests are answered to
     * @throws IOException when a file cannot be used; the message names its variable and line and
     *     never its content
     */
    public static LiveKeyring open(Path identities, Optional<Path> recipients, InstantSource clock)
            throws IOException {
        return open(identities, recipients, clock, Pace.USUAL);
    }

    static LiveKeyring open(
            Path identities, Optional<Path> recipients, InstantSource clock, Pace pace)
            throws IOException {
        return new LiveKeyring(new KeyFiles(identities, recipients), clock, pace);
    }

    @Override
    public Keyring current() {
        return keyring;
    }

    @Override
    public void opened(Identity by) {
        // one that has left stays out
        lastUse.replace(by, clock.instant());
    }

    /** How long ago an identity last opened something, or else came; zero for one that has left. */
    public Duration idle(KeyIdentity identity) {
        Instant now = clock.instant();
        return Duration.between(lastUse.getOrDefault(identity, now), now);
    }

    /** Whether the files are, as they stand now, not those of {@link #current}. */
    public boolean broken() {
        return broken;
    }

    /**
     * Has the new keys told whenever they change, by the thread that found the change; what follows
     * must not block.
     */
    public void onChange(Consumer<Keyring> follower) {
        followers.add(follower);
    }

    /** Ends the thread and wipes every secret. */
    @Override
    public synchronized void close() {
        closed = true;
        thread.shutdownNow();
        leaving.forEach(KeyIdentity::close);
        keyring.identities().forEach(KeyIdentity::close);
    }

    private synchronized void judge(KeyFiles.Found found) {
        if (closed) {
            return;
        }
        try {
            Keyring next = found.keyring();
            requireRisingVersion(next);
            broken = false;
            take(next);
        } catch (FaultyFileException e) {
            broken = true;
            LOG.warnf("%s; the keys read before stay in force", e.getMessage());
        }
    }

    /** Callers take no other recipient without a higher version. */
    private void requireRisingVersion(Keyring next) throws FaultyFileException {
        boolean changed = !recipient(next.currentIdentity()).equals(recipient(currentIdentity()));
        long least = changed ? keyring.version() + 1 : keyring.version();
        if (next.version() < least) {
            next.identities().forEach(KeyIdentity::close);
            throw new FaultyFileException(
                    new Fault(
                            SealingConfig.IDENTITIES,
                            "names a file whose recipients-version is below " + least,
                            "let the command rotate change the current identity"));
        }
    }

    private void take(Keyring next) {
        Map<KeyRecipient, KeyIdentity> known =
                keyring.identities().stream().collect(toMap(LiveKeyring::recipient, identity()));
        List<KeyIdentity> identities = new ArrayList<>();
        for (KeyIdentity identity : next.identities()) {
            KeyIdentity same = known.remove(recipient(identity));
            if (same == null) {
                identities.add(identity);
            } else {
                identity.close();
                identities.add(same);
            }
        }
        follow(identities);
        Keyring before = keyring;
        keyring = new Keyring(next.version(), next.created(), identities, next.bareRecipients());
        known.values().forEach(this::bidFarewell);
        say();
        if (!keyring.equals(before)) {
            followers.forEach(this::tell);
        }
    }

    private void tell(Consumer<Keyring> follower) {
        try {
            follower.accept(keyring);
        } catch (RuntimeException e) {
            LOG.errorf("A change of keys was not followed: %s", e.getClass().getName());
        }
    }

    private void follow(List<KeyIdentity> identities) {
        identities.forEach(identity -> lastUse.putIfAbsent(identity, clock.instant()));
    }

    private void bidFarewell(KeyIdentity identity) {
        lastUse.remove(identity);
        leaving.add(identity);
        thread.schedule(() -> wipe(identity), pace.farewell().toNanos(), TimeUnit.NANOSECONDS);
    }

    private synchronized void wipe(KeyIdentity identity) {
        identity.close();
        leaving.remove(identity);
    }

    private void say() {
        FileMode.openToOthers(files.identities()).ifPresent(LOG::warn);
        LOG.infof(
                "keys taken up: version %d, current %s, others that open [%s]",
                keyring.version(),
                recipient(currentIdentity()).fingerprint(),
                keyring.identities().stream()
                        .skip(1)
                        .map(identity -> recipient(identity).fingerprint())
                        .collect(joining(", ")));
    }

    private KeyIdentity currentIdentity() {
        return keyring.currentIdentity();
    }

    private static KeyRecipient recipient(KeyIdentity identity) {
        return identity.recipient();
    }
}
