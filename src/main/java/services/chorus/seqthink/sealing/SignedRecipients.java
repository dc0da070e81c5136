package services.chorus.seqthink.sealing;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import services.chorus.seqthink.age.KeyRecipient;
import services.chorus.seqthink.protocol.RecipientsDocument;
import services.chorus.seqthink.signing.Ed25519Key;
import services.chorus.seqthink.state.StateUnavailableException;

/**
 * Signs a door's recipients with its door key, again whenever they or the key change, and before
 * the document expires. The key's file is read for each look and its secret kept no longer; while
 * it cannot be used, the last document stays until it expires. Safe for use by several threads.
 */
public final class SignedRecipients implements AdvertisedRecipients, AutoCloseable {

    /** How long a document lasts. */
    static final Duration LIFE = Duration.ofHours(1);

    /** How old a document may get before there is another. */
    static final Duration RENEWAL = Duration.ofMinutes(5);

    private static final Duration LOOK = Duration.ofSeconds(5);
    private static final Logger LOG = Logger.getLogger(SignedRecipients.class);

    /** What keeps the document from being what it should be. */
    public enum Trouble {
        /** The door key's file cannot be used. */
        DOOR_KEY,
        /** Another replica advertises another recipient under the same version. */
        VERSION_TAKEN,
        /** The other replicas' versions cannot be asked for. */
        STATE_AWAY
    }

    private record Signed(
            String jws, String fingerprint, DoorRecipients recipients, Instant since) {

        boolean serves(String otherFingerprint, DoorRecipients otherRecipients, Instant now) {
            return fingerprint.equals(otherFingerprint)
                    && recipients.equals(otherRecipients)
                    && now.isBefore(since.plus(RENEWAL));
        }
    }

    private final String url;
    private final Path keyFile;
    private final Supplier<DoorRecipients> door;
    private final Optional<SharedVersions> versions;
    private final InstantSource clock;
    private final Consumer<Trouble> meter;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("recipients").factory());

    private volatile Optional<Signed> signed = Optional.empty();

    // of whoever holds this object's lock
    private final Set<Trouble> troubles = EnumSet.noneOf(Trouble.class);

    /**
     * Signs nothing before {@link #start}.
     *
     * @param url the door's public URL, without a slash at its end
     * @param keyFile the door key, as {@link Ed25519Key#read} reads it
     * @param door returns what the gateway has now
     * @param versions empty for a gateway of one replica
     * @param meter told of a trouble at every look while it lasts; the log has it once
     */
    public SignedRecipients(
            String url,
            Path keyFile,
            Supplier<DoorRecipients> door,
            Optional<SharedVersions> versions,
            InstantSource clock,
            Consumer<Trouble> meter) {
        this.url = url;
        this.keyFile = keyFile;
        this.door = door;
        this.versions = versions;
        this.clock = clock;
        this.meter = meter;
    }

    /** Signs, and keeps the document up to date until closed; may block for a few seconds. */
    public void start() {
        look();
        long nanos = LOOK.toNanos();
        thread.scheduleWithFixedDelay(this::lookSafely, nanos, nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public Optional<String> document() {
        return signed.filter(last -> clock.instant().isBefore(last.since().plus(LIFE)))
                .map(Signed::jws);
    }

    /** Looks ahead of time, by its own thread: something has changed. */
    public void lookSoon() {
        thread.execute(this::lookSafely);
    }

    /** Ends the thread. */
    @Override
    public void close() {
        thread.shutdownNow();
    }

    /** Signs again where there is a reason to. */
    synchronized void look() {
        Optional<DoorRecipients> settled = settled();
        if (settled.isEmpty()) {
            signed = Optional.empty();
            return;
        }
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        try (Ed25519Key key = Ed25519Key.read(keyFile)) {
            over(Trouble.DOOR_KEY);
            if (signed.filter(last -> last.serves(key.fingerprint(), settled.get(), now))
                    .isEmpty()) {
                String jws = document(settled.get(), now).sign(key);
                signed = Optional.of(new Signed(jws, key.fingerprint(), settled.get(), now));
            }
        } catch (IOException e) {
            trouble(
                    Trouble.DOOR_KEY,
                    "DOOR_KEY_PATH names a file that cannot be used; the last signature goes on");
        }
    }

    private void lookSafely() {
        try {
            look();
        } catch (RuntimeException e) {
            // must not end all looking
            LOG.errorf("The recipients cannot be kept up to date: %s", e.getClass().getName());
        }
    }

    private Optional<DoorRecipients> settled() {
        DoorRecipients own = door.get();
        Optional<DoorRecipients> last =
                signed.map(Signed::recipients)
                        .flatMap(before -> own.with(before.version(), before.current()));
        // what this replica advertised does not fall either, should the others forget it
        DoorRecipients best = last.filter(it -> it.version() > own.version()).orElse(own);
        try {
            Optional<DoorRecipients> settled =
                    versions.isPresent() ? versions.get().settle(best) : Optional.of(best);
            over(Trouble.STATE_AWAY);
            if (settled.isEmpty()) {
                trouble(
                        Trouble.VERSION_TAKEN,
                        ("another replica advertises other recipients under version %d, so these"
                                        + " are not: give every replica the same identities file")
                                .formatted(best.version()));
                return last;
            }
            over(Trouble.VERSION_TAKEN);
            return settled;
        } catch (StateUnavailableException e) {
            trouble(Trouble.STATE_AWAY, "versions of recipients cannot be shared just now");
            return Optional.of(best);
        }
    }

    private RecipientsDocument document(DoorRecipients recipients, Instant now) {
        return new RecipientsDocument(
                url,
                recipients.version(),
                now,
                now.plus(LIFE),
                List.of(recipients.current()),
                recipients.all().stream().map(KeyRecipient::fingerprint).toList());
    }

    private void trouble(Trouble trouble, String words) {
        meter.accept(trouble);
        if (troubles.add(trouble)) {
            LOG.warn(words);
        }
    }

    private void over(Trouble trouble) {
        if (troubles.remove(trouble)) {
            LOG.infof("%s is over", trouble);
        }
    }
}
