package services.chorus.seqthink.policy;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
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
 * FetchPace#missingFor()}. At most {@value WaitingCallers#MOST} wait; the next ones hear that the
 * keys are unavailable, which is true and can be tried again, and by then the fetch that the others
 * wait for has brought the new key.
 */
public final class KeySet implements AutoCloseable {

    /** How old the last good keys may grow while nothing newer can be had. */
    public static final Duration MAX_STALE = Duration.ofHours(24);

    private static final int LONGEST_KEY_ID = 256;

    private final KeysInForce keys;
    private final WaitingCallers callers;
    private final KeyFetcher fetcher;
    private final Thread thread;

    private KeySet(
            String issuer,
            KeySource source,
            Duration maxStale,
            InstantSource clock,
            FetchPace pace) {
        this.keys = new KeysInForce(maxStale, clock);
        this.callers = new WaitingCallers(keys, pace, clock);
        this.fetcher = new KeyFetcher(issuer, source, keys, callers, pace, clock);
        this.thread = Thread.ofVirtual().name("keys of " + issuer).unstarted(fetcher);
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
        return fetcher.problem();
    }

    /** How many fetches began since this was opened. */
    public long fetches() {
        return fetcher.fetches();
    }

    /** How many of them failed. */
    public long failures() {
        return fetcher.failures();
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
}
