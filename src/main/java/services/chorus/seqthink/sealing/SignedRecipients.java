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
 * Signs the gateway's recipients with the door key, again whenever they or the key change and
 * before the document expires. The key file is read for each check and the secret wiped after it;
 * while the file is unusable, the last document is served until it expires. Thread-safe.
 */
public final class SignedRecipients implements AdvertisedRecipients, AutoCloseable {

    /** How long a document is valid. */
    static final Duration LIFE = Duration.ofHours(1);

    /** The age at which a document is replaced. */
    static final Duration RENEWAL = Duration.ofMinutes(5);

    private static final Duration LOOK = Duration.ofSeconds(5);
    private static final Logger LOG = Logger.getLogger(SignedRecipients.class);

    /** Why the document cannot be kept up to date. */
    public enum Trouble {
        /** The file of the door key is unusable. */
        DOOR_KEY,
        /** Another replica advertises another recipient under the same version. */
        VERSION_TAKEN,
        /** The versions of the other replicas cannot be read. */
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

    // guarded by this object's lock
    private final Set<Trouble> troubles = EnumSet.noneOf(Trouble.class);

    /**
     * Call {@link #start} to begin.
     *
     * @param url the gateway's public URL, without a slash at its end
     * @param keyFile the door key, as {@link Ed25519Key#read} reads it
     * @param door returns the gateway's current recipients
     * @param versions empty for a gateway with one replica
     * @param meter called with each trouble at every check; the log contains it once
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

    /** Signs and keeps the document up to date until closed; may block for a few seconds. */
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

    /** Checks soon, in its own thread, because the keys have changed. */
    public void lookSoon() {
        thread.execute(this::lookSafely);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

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
                    "DOOR_KEY_PATH names an unusable file: run doctor to see why; the last signed"
                            + " recipients document is served until it expires");
        }
    }

    private void lookSafely() {
        try {
            look();
        } catch (RuntimeException e) {
            // an exception would cancel the schedule
            LOG.errorf("The recipients document was not updated: %s", e.getClass().getName());
        }
    }

    private Optional<DoorRecipients> settled() {
        DoorRecipients own = door.get();
        Optional<DoorRecipients> last =
                signed.map(Signed::recipients)
                        .flatMap(before -> own.with(before.version(), before.current()));
        // the version must not decrease even if the shared state is lost
        DoorRecipients best = last.filter(it -> it.version() > own.version()).orElse(own);
        try {
            Optional<DoorRecipients> settled =
                    versions.isPresent() ? versions.get().settle(best) : Optional.of(best);
            over(Trouble.STATE_AWAY);
            if (settled.isEmpty()) {
                trouble(
                        Trouble.VERSION_TAKEN,
                        ("another replica advertises other recipients under version %d, so this"
                                        + " replica's are not advertised: give every replica the"
                                        + " same identities file")
                                .formatted(best.version()));
                return last;
            }
            over(Trouble.VERSION_TAKEN);
            return settled;
        } catch (StateUnavailableException e) {
            trouble(
                    Trouble.STATE_AWAY,
                    "the shared state is unreachable: the version of the recipients cannot be compared with"
                            + " the other replicas");
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
            LOG.info(
                    switch (trouble) {
                        case DOOR_KEY -> "The door key can be used again";
                        case VERSION_TAKEN -> "The replicas advertise the same recipients again";
                        case STATE_AWAY ->
                                "The version of the recipients can be compared with that of the"
                                        + " other replicas again";
                    });
        }
    }
}
