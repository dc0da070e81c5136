package services.chorus.seqthink.policy;

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
 * <p>One thread of its own does every fetch, so there is never more than one under way. It fetches
 * at the start, ahead of the document's expiry, and when a caller brings a {@code kid} that nobody
 * knows. A caller whose key is known reads a volatile field and waits for nothing. A failed fetch
 * changes no key; the last good ones serve until they are {@code maxStale} old. A good document
 * replaces them all: a key that its issuer took away must stop working.
 *
 * <p>A caller with an unknown {@code kid} waits, for {@link FetchPace#patience()} at most, for a
 * fetch that began after it came, and is refused only when that document lacks the {@code kid} too.
 * So the first caller with a rotated key is let in, however many made-up ones came before: the
 * budget ({@link FetchPace#burst()} fetches, then one in each {@link FetchPace#interval()}) delays
 * a fetch but never cancels it, and its interval is shorter than the caller's patience. All who
 * wait share one fetch. A {@code kid} just found missing is refused at once for {@link
 * FetchPace#missingFor()}. At most {@value WaitingCallers#MOST} wait; the next ones hear that the
 * keys are unavailable, which is true and can be tried again, and by then the fetch that the others
 * wait for has brought the new key.
 */
public final class KeySet implements AutoCloseable {

    /** How old the last good keys may grow while nothing newer can be had. */
    public static final Duration MAX_STALE = Duration.ofHours(24);

    private static final Logger LOG = Logger.getLogger(KeySet.class);
    private static final int LONGEST_KEY_ID = 256;

    private final String issuer;
    private final KeySource source;
    private final CurrentKeys keys;
    private final WaitingCallers callers;
    private final FetchPace pace;
    private final InstantSource clock;
    private final Thread thread;

    // of the one thread
    private final FetchPace.Budget budget;
    private Instant refreshAt = Instant.MIN;

    private final AtomicLong fetches = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private volatile Optional<Problem> problem = Optional.empty();

    private KeySet(
            String issuer,
            KeySource source,
            Duration maxStale,
            InstantSource clock,
            FetchPace pace) {
        this.issuer = issuer;
        this.source = source;
        this.keys = new CurrentKeys(maxStale, clock);
        this.callers = new WaitingCallers(keys, pace, clock);
        this.pace = pace;
        this.clock = clock;
        this.budget = new FetchPace.Budget(pace.burst(), pace.interval());
        this.thread = Thread.ofVirtual().name("keys of " + issuer).unstarted(this::fetchUntilEnd);
    }

    /**
     * Starts to fetch and returns at once; {@link #ready()} says when there are keys.
     *
     * @param issuer the {@code iss}, for the log
     * @param source where the keys come from
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

    /** Whether there are keys, and none too old to serve. */
    public boolean ready() {
        return keys.any();
    }

    /** How long ago the keys in use were fetched; empty while there are none. */
    public Optional<Duration> age() {
        return keys.age();
    }

    /** Why the last fetch failed; empty when it did not. */
    public Optional<Problem> problem() {
        return problem;
    }

    /** How many fetches began since this was opened. */
    public long fetches() {
        return fetches.get();
    }

    /** How many of them failed. */
    public long failures() {
        return failures.get();
    }

    /** Finds a token's key; waits only when the key is unknown. */
    KeyLookup find(Optional<String> keyId, SignatureAlgorithm algorithm) {
        KeyLookup known = keys.find(keyId, algorithm);
        boolean canBeAsked = keyId.isEmpty() || keyId.get().length() <= LONGEST_KEY_ID;
        return known instanceof KeyLookup.Unknown && canBeAsked
                ? callers.ask(keyId, algorithm)
                : known;
    }

    /** Ends the thread; who still waits hears that the keys are unavailable. */
    @Override
    public void close() {
        thread.interrupt();
    }

    private void fetchUntilEnd() {
        try {
            while (true) {
                while (!isDue(clock.instant())) {
                    callers.awaitNext(pace.tick());
                }
                fetch();
            }
        } catch (InterruptedException e) {
            callers.close();
        }
    }

    /** Fetches for unknown keys come out of the budget, the others are free. */
    private boolean isDue(Instant now) {
        return !now.isBefore(refreshAt) || (callers.any() && budget.take(now));
    }

    private void fetch() throws InterruptedException {
        long number = callers.fetchBegins();
        fetches.incrementAndGet();
        try {
            KeySource.Document document = source.fetch();
            keys.replaceBy(VerificationKeys.parse(document.json()));
            succeed(document);
            callers.fetched(number);
        } catch (FetchException e) {
            fail(e.problem());
        } catch (RuntimeException e) {
            fail(Problem.UNREACHABLE); // a source's defect must not end all fetching
        }
    }

    private void succeed(KeySource.Document document) {
        refreshAt = clock.instant().plus(pace.refreshAfter(document.maxAge()));
        if (problem.isPresent()) {
            problem = Optional.empty();
            LOG.infof("The keys of %s can be fetched again", issuer);
        }
    }

    private void fail(Problem why) {
        refreshAt = clock.instant().plus(pace.retry());
        failures.incrementAndGet();
        if (!problem.equals(Optional.of(why))) {
            problem = Optional.of(why);
            LOG.warnf("The keys of %s cannot be fetched: %s", issuer, why.words());
        }
        callers.failed();
    }
}
