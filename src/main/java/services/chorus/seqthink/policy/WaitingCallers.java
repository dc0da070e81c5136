package services.chorus.seqthink.policy;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * The callers whose key is unknown. Each waits for a fetch that began after the caller arrived: a
 * fetch already in progress may return the key, but cannot prove that it does not exist. Safe for
 * use by several threads.
 */
final class WaitingCallers {

    static final int MOST = 128;

    private final BiFunction<Optional<String>, SignatureAlgorithm, KeyLookup> keys;
    private final Duration patience;
    private final Semaphore arrivals = new Semaphore(0);
    private final List<Waiting> waiting = new ArrayList<>();
    private final Cache<Optional<String>, Boolean> missing;
    private long fetchesBegun;
    private boolean closed;

    /**
     * @param keys looks up a key in the current key set
     */
    WaitingCallers(
            BiFunction<Optional<String>, SignatureAlgorithm, KeyLookup> keys,
            Duration patience,
            InstantSource clock) {
        this.keys = keys;
        this.patience = patience;
        this.missing = missingKeys(clock);
    }

    /** The {@code kid}s that the last fetches did not find. */
    static Cache<Optional<String>, Boolean> missingKeys(InstantSource clock) {
        return Caffeine.newBuilder()
                .maximumSize(1024)
                .expireAfterWrite(FetchPace.MISSING_FOR)
                .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
                .build();
    }

    /**
     * @param fetchesBegun how many fetches had begun when the caller arrived
     */
    private record Waiting(
            Optional<String> keyId,
            SignatureAlgorithm algorithm,
            long fetchesBegun,
            CompletableFuture<KeyLookup> answer) {}

    /** Waits until a fetch shows whether the key exists, or until patience ends. */
    KeyLookup await(Optional<String> keyId, SignatureAlgorithm algorithm) {
        Waiting caller;
        synchronized (this) {
            KeyLookup known = keys.apply(keyId, algorithm); // a fetch may just have ended
            if (!(known instanceof KeyLookup.Unknown) || missing.getIfPresent(keyId) != null) {
                return known;
            }
            if (closed || waiting.size() >= MOST) {
                return new KeyLookup.Unavailable();
            }
            caller = new Waiting(keyId, algorithm, fetchesBegun, new CompletableFuture<>());
            waiting.add(caller);
        }
        arrivals.release();
        try {
            return caller.answer.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException | ExecutionException e) {
            // no answer in time; answers never fail
        } finally {
            leave(caller);
        }
        return new KeyLookup.Unavailable();
    }

    private synchronized void leave(Waiting caller) {
        waiting.remove(caller);
    }

    synchronized boolean any() {
        return !waiting.isEmpty();
    }

    /** Waits until another caller arrives, or for that long. */
    void awaitNext(Duration atMost) throws InterruptedException {
        if (arrivals.tryAcquire(atMost.toNanos(), TimeUnit.NANOSECONDS)) {
            arrivals.drainPermits();
        }
    }

    /** Records that a fetch begins, and returns its number. */
    synchronized long fetchBegins() {
        return ++fetchesBegun;
    }

    synchronized long fetchesBegun() {
        return fetchesBegun;
    }

    /** Answers the callers that this good fetch is decisive for; its keys are already in use. */
    void fetched(long fetch) {
        answer(
                caller -> {
                    KeyLookup found = keys.apply(caller.keyId, caller.algorithm);
                    boolean unknown = found instanceof KeyLookup.Unknown;
                    if (unknown && fetch <= caller.fetchesBegun) {
                        return Optional.empty();
                    }
                    if (unknown) {
                        missing.put(caller.keyId, true);
                    }
                    return Optional.of(found);
                });
    }

    /** Answers all waiting callers after a failed fetch. */
    void failed() {
        answer(caller -> Optional.of(new KeyLookup.Unavailable()));
    }

    /** Gives the same answer to all callers from now on. */
    synchronized void close() {
        closed = true;
        failed();
    }

    private synchronized void answer(Function<Waiting, Optional<KeyLookup>> answers) {
        waiting.removeIf(
                caller -> {
                    Optional<KeyLookup> answer = answers.apply(caller);
                    answer.ifPresent(caller.answer::complete);
                    return answer.isPresent();
                });
    }
}
