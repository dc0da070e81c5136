package services.chorus.seqthink.policy;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * The callers whose key is unknown. Each waits for a fetch that began after it came: one under way
 * may bring its key, but cannot tell that there is none. Safe for use by several threads.
 */
final class WaitingCallers {

    static final int MOST = 128;

    private final KeysInForce keys;
    private final FetchPace pace;
    private final InstantSource clock;

    private final Semaphore news = new Semaphore(0);
    private final ReentrantLock lock = new ReentrantLock();
    private final List<WaitingCaller> waiting = new ArrayList<>();
    private final MissingKeys missing;
    private long fetchesBegun;
    private boolean closed;

    WaitingCallers(KeysInForce keys, FetchPace pace, InstantSource clock) {
        this.keys = keys;
        this.pace = pace;
        this.clock = clock;
        this.missing = new MissingKeys(pace.missingFor());
    }

    /**
     * Waits, for {@link FetchPace#patience()} at most, until a fetch brought the key or did not.
     */
    KeyLookup ask(Optional<String> keyId, SignatureAlgorithm algorithm) {
        WaitingCaller caller;
        lock.lock();
        try {
            KeyLookup known = keys.find(keyId, algorithm); // a fetch may just have ended
            if (!(known instanceof KeyLookup.Unknown) || missing.contains(keyId, clock.instant())) {
                return known;
            }
            if (closed || waiting.size() >= MOST) {
                return new KeyLookup.Unavailable();
            }
            caller = new WaitingCaller(keyId, algorithm, fetchesBegun);
            waiting.add(caller);
        } finally {
            lock.unlock();
        }
        news.release();
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

    boolean any() {
        lock.lock();
        try {
            return !waiting.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until another caller came, or so much time went by. */
    void awaitNext(Duration atMost) throws InterruptedException {
        if (news.tryAcquire(atMost.toNanos(), TimeUnit.NANOSECONDS)) {
            news.drainPermits();
        }
    }

    /** Notes that a fetch begins, and returns its number. */
    long fetchBegins() {
        lock.lock();
        try {
            return ++fetchesBegun;
        } finally {
            lock.unlock();
        }
    }

    /** Answers those whom the fetch of this number serves; its keys are in force already. */
    void fetched(long fetch) {
        Instant now = clock.instant();
        answer(caller -> answer(caller, fetch, now));
    }

    private Optional<KeyLookup> answer(WaitingCaller caller, long fetch, Instant now) {
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

    /** Answers all that the keys cannot be had. */
    void failed() {
        answer(caller -> Optional.of(new KeyLookup.Unavailable()));
    }

    /** The same, to all who come from now on as well. */
    void close() {
        lock.lock();
        try {
            closed = true;
            failed();
        } finally {
            lock.unlock();
        }
    }

    private void answer(Function<WaitingCaller, Optional<KeyLookup>> answers) {
        lock.lock();
        try {
            waiting.removeIf(
                    caller -> {
                        Optional<KeyLookup> answer = answers.apply(caller);
                        answer.ifPresent(caller::answer);
                        return answer.isPresent();
                    });
        } finally {
            lock.unlock();
        }
    }
}
