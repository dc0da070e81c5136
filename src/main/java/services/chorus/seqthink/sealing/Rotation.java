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
 * The steps by which identities come and go. Each makes another file of one and changes nothing on
 * disk; both share their identities.
 *
 * @param file as it is
 * @param now when the step is done
 */
public record Rotation(IdentitiesFile file, Instant now) {

    /**
     * How long a retired identity is still needed: a recipients document lives for an hour and a
     * history, sealed under the identity that was current, for a day.
     */
    public static final Duration STILL_NEEDED = Duration.ofHours(24);

    /** A step that may not be done; the message says what to do instead. */
    public static final class RefusedException extends Exception {

        private RefusedException(String message) {
            super(message);
        }
    }

    /** Adds an identity that is to become current; it already opens. */
    public IdentitiesFile prepare(Supplier<KeyIdentity> fresh) throws RefusedException {
        if (file.prepared().isPresent()) {
            throw new RefusedException(
                    "%s is prepared already: run rotate --promote, or drop it with rotate"
                                    .formatted(file.prepared().get().fingerprint())
                            + " --compromised and its fingerprint");
        }
        List<FiledIdentity> entries = new ArrayList<>(file.entries());
        entries.add(FiledIdentity.made(fresh.get(), now).marked(Standing.PREPARED, now));
        return next(file.version(), entries);
    }

    /** Makes the prepared identity the current one, which callers hear of by a higher version. */
    public IdentitiesFile promote() throws RefusedException {
        FiledIdentity prepared =
                file.prepared()
                        .orElseThrow(
                                () ->
                                        new RefusedException(
                                                "nothing is prepared: run rotate --prepare and let"
                                                        + " every replica load the file first"));
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
     * Removes an identity at once. When it was the current one, the prepared identity follows it,
     * or else a fresh one.
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
                            + " is the current one: promote another first, with rotate --prepare"
                            + " and rotate --promote");
        }
        if (old.is(Standing.PREPARED)) {
            throw new RefusedException(
                    fingerprint
                            + " is prepared, not retired: drop it with rotate --compromised "
                            + fingerprint);
        }
        return without(old);
    }

    private FiledIdentity find(String fingerprint) throws RefusedException {
        return file.find(fingerprint)
                .orElseThrow(
                        () ->
                                new RefusedException(
                                        "no identity of the file has that fingerprint: rotate alone"
                                                + " lists them"));
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
