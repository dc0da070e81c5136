package services.chorus.seqthink.policy;

import io.github.bucket4j.Bucket;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;
import services.chorus.seqthink.policy.FetchException.Problem;

/**
 * The keys of one issuer, kept fresh. Safe for use by several threads.
 *
 * <p>A thread of its own does every fetch, one at a time: at the start, ahead of the document's
 * expiry, and when a caller brings an unknown {@code kid}. A caller whose key is known reads a
 * volatile field and waits for nothing. A failed fetch changes no key; the last good ones serve
 * until they are {@code maxStale} old. A good document replaces all of them: a key that its issuer
 * removed must stop working.
 *
 * <p>A caller with an unknown {@code kid} waits, for {@link FetchPace#patience()} at most, for a
 * fetch that began after it came, and is refused only when that document lacks the {@code kid} too.
 * So the first caller with a rotated key is let in, however many made-up ones came before: the
 * budget ({@link FetchPace#BURST} fetches, then one in each {@link FetchPace#INTERVAL}) delays a
 * fetch but never cancels it, and its interval is shorter than the caller's patience. All waiting
 * callers share one fetch. A {@code kid} just found missing is refused at once for {@link
 * FetchPace#MISSING_FOR}. At most {@value WaitingCallers#MOST} callers wait; further ones get
 * {@link KeyLookup.Unavailable}, and by the time they try again the fetch has brought the new key.
 */
public final class KeySet implements AutoCloseable {

    /** How old the last good keys may become while newer ones are unavailable. */
    public static final Duration MAX_STALE = Duration.ofHours(24);

    private static final Logger LOG = Logger.getLogger(KeySet.class);
    private static final int LONGEST_KEY_ID = 256;

    private final KeySource source;
    private final Duration maxStale;
    private final InstantSource clock;
    private final FetchPace pace;
    private final Bucket budget;
    private final WaitingCallers callers;
    private final Thread thread;
    private final FetchStatus status;
    private final AtomicLong failures = new AtomicLong();
    private volatile Optional<Snapshot> snapshot = Optional.empty();
    private Instant refreshAt = Instant.MIN; // read and written by the thread alone

    private record Snapshot(VerificationKeys keys, Instant fetchedAt) {}

    private KeySet(
            String issuer,
            KeySource source,
            Duration maxStale,
            InstantSource clock,
            FetchPace pace) {
        this.source = source;
        this.maxStale = maxStale;
        this.clock = clock;
        this.pace = pace;
        this.budget = pace.budget();
        this.callers = new WaitingCallers(this::known, pace.patience(), clock);
        this.status = new FetchStatus(LOG, "The keys of " + issuer, failures::incrementAndGet);
        this.thread = Thread.ofVirtual().name("keys of " + issuer).unstarted(this::fetchUntilEnd);
    }

    /**
     * Starts to fetch and returns at once; {@link #ready()} tells when there are keys.
     *
     * @param issuer the {@code iss}, for the log
     * @param maxStale such as {@link #MAX_STALE}
     */
    public static KeySet open(
            String issuer, KeySource source, Duration maxStale, InstantSource clock) {
        return open(issuer, source, maxStale, clock, FetchPace.USUAL);
    }

    static KeySet open(
            String issuer,
            KeySource source,
            Duration maxStale,
            InstantSource clock,
            FetchPace pace) {
        KeySet keySet = new KeySet(issuer, source, maxStale, clock, pace);
        keySet.thread.start();
        return keySet;
    }

    /** Whether there are keys that are not too old. */
    public boolean ready() {
        return inForce().isPresent();
    }

    /** The time since the last good fetch, even when its keys are too old; empty without one. */
    public Optional<Duration> age() {
        return snapshot.map(keys -> Duration.between(keys.fetchedAt, clock.instant()));
    }

    /** Why the last fetch failed; empty when it did not. */
    public Optional<Problem> problem() {
        return status.problem();
    }

    /** How many fetches began since this was opened. */
    public long fetches() {
        return callers.fetchesBegun();
    }

    /** How many of them failed. */
    public long failures() {
        return failures.get();
    }

    /** Finds a token's key; waits only when the key is unknown. */
    KeyLookup find(Optional<String> keyId, SignatureAlgorithm algorithm) {
        KeyLookup known = known(keyId, algorithm);
        boolean canBeAsked = keyId.isEmpty() || keyId.get().length() <= LONGEST_KEY_ID;
        return known instanceof KeyLookup.Unknown && canBeAsked
                ? callers.await(keyId, algorithm)
                : known;
    }

    /** Ends the thread; callers that still wait get {@link KeyLookup.Unavailable}. */
    @Override
    public void close() {
        thread.interrupt();
    }

    private KeyLookup known(Optional<String> keyId, SignatureAlgorithm algorithm) {
        return inForce()
                .<KeyLookup>map(current -> current.keys.find(keyId, algorithm))
                .orElseGet(KeyLookup.Unknown::new);
    }

    private Optional<Snapshot> inForce() {
        return snapshot.filter(keys -> clock.instant().isBefore(keys.fetchedAt.plus(maxStale)));
    }

    private void fetchUntilEnd() {
        try {
            while (true) {
                while (!isDue()) {
                    callers.awaitNext(pace.tick());
                }
                fetch();
            }
        } catch (InterruptedException e) {
            callers.close();
        }
    }

    /** Only fetches for unknown keys count against the budget. */
    private boolean isDue() {
        return !clock.instant().isBefore(refreshAt) || (callers.any() && budget.tryConsume(1));
    }

    private void fetch() throws InterruptedException {
        long number = callers.fetchBegins();
        try {
            KeySource.Document document = source.fetch();
            VerificationKeys keys = VerificationKeys.parse(document.json());
            Instant now = clock.instant();
            snapshot = Optional.of(new Snapshot(keys, now));
            refreshAt = now.plus(FetchPace.refreshAfter(document.maxAge()));
            status.succeeded();
            callers.fetched(number);
        } catch (FetchException e) {
            fail(e.problem());
        } catch (RuntimeException e) {
            fail(Problem.UNREACHABLE); // a defect of the source must not end the thread
        }
    }

    private void fail(Problem why) {
        refreshAt = clock.instant().plus(FetchPace.RETRY);
        status.failed(why);
        callers.failed();
    }
}
