package services.chorus.seqthink.client;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import services.chorus.seqthink.protocol.RecipientsDocument;
import services.chorus.seqthink.protocol.RecipientsDocument.Verification;

/**
 * The doors a client knows: each by its URL, with the key that speaks for it and the version of its
 * recipients, which never falls. Kept in a file that only its owner reads. Safe for use by several
 * threads and processes; one instance for each file in a process.
 */
public final class KnownDoors {

    private static final Duration CLOCKS_APART = Duration.ofSeconds(60);

    private final KnownDoorsFile file;
    private final InstantSource clock;

    /**
     * @param file need not be there yet; written when a door is met, 0600
     */
    public KnownDoors(Path file, InstantSource clock) {
        this.file = new KnownDoorsFile(file);
        this.clock = clock;
    }

    /** Whether a document is believed. */
    public sealed interface Judgement {

        /** It is, and from now on this is known of the door. */
        record Trusted(KnownDoor door) implements Judgement {}

        /**
         * It is not, and nothing has changed.
         *
         * @param why for the person who calls the door, with what to do about it
         */
        record Refused(String why) implements Judgement {}
    }

    /**
     * The door at a URL, as far as it is known.
     *
     * @throws IOException when the file cannot be read or is broken
     */
    public Optional<KnownDoor> find(String url) throws IOException {
        return Optional.ofNullable(file.read().get(url));
    }

    /** Whether a door's recipients may be sealed to without asking for them again. */
    public boolean holds(KnownDoor door) {
        return door.until().isAfter(clock.instant());
    }

    /**
     * Judges a document, and remembers the door when it is believed.
     *
     * @param jws as the door gave it
     * @param url the URL that the door was called by, without a slash at its end
     * @throws IOException when the file cannot be read or written, or is broken
     */
    public Judgement judge(String jws, String url, Introduction introduction) throws IOException {
        return switch (RecipientsDocument.verify(jws)) {
            case Verification.Refused(String why) ->
                    new Judgement.Refused(
                            "the door's recipients are not believed, %s: ask whoever runs it"
                                    .formatted(why));
            case Verification.Valid valid -> judge(valid, url, introduction);
        };
    }

    private Judgement judge(Verification.Valid valid, String url, Introduction introduction)
            throws IOException {
        // under the file's lock, so that another process cannot lower a version in between
        return file.update(
                doors -> {
                    Optional<KnownDoor> known = Optional.ofNullable(doors.get(url));
                    Optional<String> refusal =
                            wrongKey(valid.fingerprint(), url, known, introduction)
                                    .or(() -> wrongDocument(valid.document(), url))
                                    .or(() -> wrongVersion(valid.document(), url, known));
                    if (refusal.isPresent()) {
                        return new Judgement.Refused(refusal.get());
                    }
                    KnownDoor door = remembered(valid, known);
                    doors.put(url, door);
                    return new Judgement.Trusted(door);
                });
    }

    private Optional<String> wrongKey(
            String signer, String url, Optional<KnownDoor> known, Introduction introduction) {
        if (introduction instanceof Introduction.Told(String told) && !told.equals(signer)) {
            return Optional.of(
                    ("the door's key is not the one given: the recipients of %s are signed by %s,"
                                    + " not by %s; ask whoever runs it for the fingerprint again")
                            .formatted(url, signer, told));
        }
        if (known.isPresent() && !known.get().fingerprint().equals(signer)) {
            return Optional.of(
                    ("the door's key changed: %s was known by %s, and its recipients are signed by"
                                    + " %s; if whoever runs it confirms the new fingerprint, take"
                                    + " the door out of %s and give that fingerprint")
                            .formatted(url, known.get().fingerprint(), signer, file));
        }
        if (known.isEmpty() && introduction instanceof Introduction.None) {
            return Optional.of(
                    "%s is not known yet: ask whoever runs it for the fingerprint of its key"
                            .formatted(url));
        }
        return Optional.empty();
    }

    private Optional<String> wrongDocument(RecipientsDocument document, String url) {
        Instant now = clock.instant();
        if (!document.url().equals(url)) {
            return Optional.of(
                    "the recipients are those of %s, not of %s: call the door by its own URL"
                            .formatted(document.url(), url));
        }
        if (document.since().isAfter(now.plus(CLOCKS_APART))) {
            return Optional.of(
                    "the recipients are signed at %s, which is yet to come: set this machine's clock"
                            .formatted(document.since()));
        }
        if (!document.until().isAfter(now)) {
            return Optional.of(
                    ("the recipients ended at %s: set this machine's clock, or ask whoever runs the"
                                    + " door why it gives old ones")
                            .formatted(document.until()));
        }
        return Optional.empty();
    }

    private Optional<String> wrongVersion(
            RecipientsDocument document, String url, Optional<KnownDoor> known) {
        long knownVersion = known.map(KnownDoor::version).orElse(0L);
        if (document.version() < knownVersion) {
            return Optional.of(
                    ("the door's recipients were rolled back: version %d of %s was seen, and this is"
                                    + " version %d; try again later, or ask whoever runs it")
                            .formatted(knownVersion, url, document.version()));
        }
        if (document.version() == knownVersion
                && !document.recipients().equals(known.get().recipients())) {
            return Optional.of(
                    ("version %d of the recipients of %s is not what it was: ask whoever runs the"
                                    + " door")
                            .formatted(knownVersion, url));
        }
        return Optional.empty();
    }

    private static KnownDoor remembered(Verification.Valid valid, Optional<KnownDoor> known) {
        RecipientsDocument document = valid.document();
        // an older signature under the same version shortens nothing
        Instant until =
                known.filter(door -> door.version() == document.version())
                        .map(KnownDoor::until)
                        .filter(before -> before.isAfter(document.until()))
                        .orElse(document.until());
        return new KnownDoor(valid.fingerprint(), document.version(), document.recipients(), until);
    }
}
