package services.chorus.seqthink.sealing;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import services.chorus.seqthink.age.KeyIdentity;
import services.chorus.seqthink.sealing.FiledIdentity.Standing;

/**
 * The steps of a key rotation. Each returns a new file, which shares its identities with the old
 * one, and changes nothing on disk.
 *
 * @param file before the step
 * @param now the time of the step
 */
public record Rotation(IdentitiesFile file, Instant now) {

    /**
     * How long a retired identity is needed: a recipients document is valid for an hour, and a
     * history, sealed under the identity that was current, is kept for a day.
     */
    public static final Duration STILL_NEEDED = Duration.ofHours(24);

    /** The step is not allowed; the message says what to do instead. */
    public static final class RefusedException extends Exception {

        private RefusedException(String message) {
            super(message);
        }
    }

    /** Adds an identity that opens requests and is to become current later. */
    public IdentitiesFile prepare(Supplier<KeyIdentity> fresh) throws RefusedException {
        if (file.prepared().isPresent()) {
            throw new RefusedException(
                    ("%1$s is already prepared: run rotate --promote, or remove it with rotate"
                                    + " --compromised %1$s")
                            .formatted(file.prepared().get().fingerprint()));
        }
        List<FiledIdentity> entries = new ArrayList<>(file.entries());
        entries.add(FiledIdentity.made(fresh.get(), now).marked(Standing.PREPARED, now));
        return next(file.version(), entries);
    }

    /** Makes the prepared identity the current one and increases the version. */
    public IdentitiesFile promote() throws RefusedException {
        FiledIdentity prepared =
                file.prepared()
                        .orElseThrow(
                                () ->
                                        new RefusedException(
                                                "no identity is prepared: run rotate --prepare and"
                                                        + " let every replica load the file first"));
        FiledIdentity retired = file.current().marked(Standing.RETIRED, now);
        return next(
                file.version() + 1,
                Stream.concat(
                                Stream.of(prepared.unmarked(), retired),
                                file.entries().stream()
                                        .skip(1)
                                        .filter(entry -> !entry.equals(prepared)))
                        .toList());
    }

    /**
     * Removes an identity at once. If it was current, the prepared identity or else a new one
     * becomes current.
     */
    public IdentitiesFile compromised(String fingerprint, Supplier<KeyIdentity> fresh)
            throws RefusedException {
        FiledIdentity lost = find(fingerprint);
        if (!lost.equals(file.current())) {
            return without(lost);
        }
        FiledIdentity follower =
                file.prepared()
                        .map(FiledIdentity::unmarked)
                        .orElseGet(() -> FiledIdentity.made(fresh.get(), now));
        return next(
                file.version() + 1,
                Stream.concat(
                                Stream.of(follower),
                                file.entries().stream()
                                        .skip(1)
                                        .filter(entry -> !entry.is(Standing.PREPARED)))
                        .toList());
    }

    /** Removes an identity that is neither current nor prepared. */
    public IdentitiesFile retire(String fingerprint) throws RefusedException {
        FiledIdentity old = find(fingerprint);
        if (old.equals(file.current())) {
            throw new RefusedException(
                    fingerprint
                            + " is the current identity: first replace it with rotate --prepare"
                            + " and rotate --promote");
        }
        if (old.is(Standing.PREPARED)) {
            throw new RefusedException(
                    fingerprint
                            + " is prepared, not retired: remove it with rotate --compromised "
                            + fingerprint);
        }
        return without(old);
    }

    private FiledIdentity find(String fingerprint) throws RefusedException {
        return file.find(fingerprint)
                .orElseThrow(
                        () ->
                                new RefusedException(
                                        "no identity in the file has that fingerprint: run rotate"
                                                + " without options to list them"));
    }

    private IdentitiesFile without(FiledIdentity gone) {
        return next(
                file.version(),
                file.entries().stream().filter(entry -> !entry.equals(gone)).toList());
    }

    private IdentitiesFile next(long version, List<FiledIdentity> entries) {
        return new IdentitiesFile(version, entries, file.ending());
    }
}
