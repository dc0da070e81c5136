package services.chorus.seqthink.policy;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jboss.logging.Logger;
import services.chorus.seqthink.policy.KeyFetchException.Problem;

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
 * FetchPace#missingFor()}. At most {@value #MOST_WAITING} wait; the next ones hear that the keys
 * are unavailable, which is true and can be tried again, and by then the fetch that the others wait
 * for has brought the new key.
 */
public final class KeySet implements AutoCloseable {

    /** How old the last good keys may grow while nothing newer can be had. */
    public static final Duration MAX_STALE = Duration.ofHours(24);

    private record Snapshot(VerificationKeys keys, Instant fetchedAt) {}

    static final int MOST_WAITING = 128;

    private static final Logger LOG = Logger.getLogger(KeySet.class);
    private static final int LONGEST_KEY_ID = 256;

    private final String issuer;
    private final KeySource source;
    private final Duration maxStale;
    private final InstantSource clock;
    private final FetchPace pace;
    private final Thread fetcher;

    private volatile Optional<Snapshot> snapshot = Optional.empty();
    private volatile Optional<Problem> problem = Optional.empty();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition asked = lock.newCondition();
    private final List<WaitingCaller> waiting = new ArrayList<>();
    private final FetchBudget budget;
    private final MissingKeys missing;
    private Instant refreshAt = Instant.MIN;
    private long fetchesBegun;
    private boolean closed;

    private KeySet(
            String issuer,
            KeySource source,
            Duration maxStale,
            InstantSource clock,
            FetchPace pace) {
        this.issuer = issuer;
        this.source = source;
        this.maxStale = maxStale;
        this.clock = clock;
        this.pace = pace;
        this.budget = new FetchBudget(pace.burst(), pace.interval());
        this.missing = new MissingKeys(pace.missingFor());
        this.fetcher = Thread.ofVirtual().name("keys of " + issuer).unstarted(this::fetchUntilEnd);
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
        keySet.fetcher.start();
        return keySet;
    }

    /** Whether there are keys, and none too old to serve. */
    public boolean ready() {
        return fresh().isPresent();
    }

    /** How long ago the keys in use were fetched; empty while there are none. */
    public Optional<Duration> age() {
        return snapshot.map(keys -> Duration.between(keys.fetchedAt(), clock.instant()));
    }

    /** Why the last fetch failed; empty when it did not. */
    public Optional<Problem> problem() {
        return problem;
    }

    /** Finds a token's key; waits only when the key is unknown. */
    KeyLookup find(Optional<String> keyId, SignatureAlgorithm algorithm) {
        KeyLookup known = known(keyId, algorithm);
        boolean canBeAsked = keyId.isEmpty() || keyId.get().length() <= LONGEST_KEY_ID;
        return known instanceof KeyLookup.Unknown && canBeAsked ? ask(keyId, algorithm) : known;
    }

    /** Ends the thread; who still waits hears that the keys are unavailable. */
    @Override
    public void close() {
        fetcher.interrupt();
    }

    private Optional<Snapshot> fresh() {
        return snapshot.filter(keys -> clock.instant().isBefore(keys.fetchedAt().plus(maxStale)));
    }

    private KeyLookup known(Optional<String> keyId, SignatureAlgorithm algorithm) {
        return fresh().<KeyLookup>map(current -> current.keys().find(keyId, algorithm))
                .orElseGet(KeyLookup.Unknown::new);
    }

    private KeyLookup ask(Optional<String> keyId, SignatureAlgorithm algorithm) {
        WaitingCaller caller;
        lock.lock();
        try {
            KeyLookup known = known(keyId, algorithm); // a fetch may just have ended
            if (!(known instanceof KeyLookup.Unknown) || missing.contains(keyId, clock.instant())) {
                return known;
            }
            if (closed || waiting.size() >= MOST_WAITING) {
                return new KeyLookup.Unavailable();
            }
            caller = new WaitingCaller(keyId, algorithm, fetchesBegun);
            waiting.add(caller);
            asked.signal();
        } finally {
            lock.unlock();
        }
        KeyLookup answer = caller.await(pace.patience());
        leave(caller);
        return answer;
    }

    private void leave(WaitingCaller caller) {
        lock.lock();
        try {
            waiting.remove(caller);
        } finally {
            lock.unlock();
        }
    }

    private void fetchUntilEnd() {
        try {
            while (true) {
                long fetch = awaitTurn();
                try {
                    KeySource.Document document = source.fetch();
                    settle(fetch, document, VerificationKeys.parse(document.json()));
                } catch (KeyFetchException e) {
                    fail(e.problem());
                } catch (RuntimeException e) {
                    fail(Problem.UNREACHABLE); // a source's defect must not end all fetching
                }
            }
        } catch (InterruptedException e) {
            end();
        }
    }

    /** Waits until a fetch is due, and returns its number. */
    private long awaitTurn() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!takesTurn(clock.instant())) {
                asked.await(pace.tick().toNanos(), TimeUnit.NANOSECONDS);
            }
            return ++fetchesBegun;
        } finally {
            lock.unlock();
        }
    }

    /** Fetches for unknown keys come out of the budget, the others are free. */
    private boolean takesTurn(Instant now) {
        return !now.isBefore(refreshAt) || (!waiting.isEmpty() && budget.take(now));
    }

    private void settle(long fetch, KeySource.Document document, VerificationKeys keys) {
        Instant now = clock.instant();
        lock.lock();
        try {
            snapshot = Optional.of(new Snapshot(keys, now));
            refreshAt = now.plus(pace.refreshAfter(document.maxAge()));
            if (problem.isPresent()) {
                problem = Optional.empty();
                LOG.infof("The keys of %s can be fetched again", issuer);
            }
            answer(caller -> settled(caller, fetch, keys, now));
        } finally {
            lock.unlock();
        }
    }

    /** The answer to a caller; none yet when the fetch began before it came. */
    private Optional<KeyLookup> settled(
            WaitingCaller caller, long fetch, VerificationKeys keys, Instant now) {
        KeyLookup found = keys.find(caller.keyId(), caller.algorithm());
        if (!(found instanceof KeyLookup.Unknown)) {
            return Optional.of(found);
        }
        if (fetch <= caller.fetchesBegun()) {
            return Optional.empty();
        }
        missing.add(caller.keyId(), now);
        return Optional.of(found);
    }

    private void fail(Problem why) {
        lock.lock();
        try {
            refreshAt = clock.instant().plus(pace.retry());
            if (!problem.equals(Optional.of(why))) {
                problem = Optional.of(why);
                LOG.warnf("The keys of %s cannot be fetched: %s", issuer, why.words());
            }
            answer(caller -> Optional.of(new KeyLookup.Unavailable()));
        } finally {
            lock.unlock();
        }
    }

    private void end() {
        lock.lock();
        try {
            closed = true;
            answer(caller -> Optional.of(new KeyLookup.Unavailable()));
        } finally {
            lock.unlock();
        }
    }

    private void answer(Function<WaitingCaller, Optional<KeyLookup>> answers) {
        waiting.removeIf(
                caller -> {
                    Optional<KeyLookup> answer = answers.apply(caller);
                    answer.ifPresent(caller::answer);
                    return answer.isPresent();
                });
    }
}
