package services.chorus.seqthink.policy;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * The callers whose key is unknown. Each waits for a fetch that began after it came: one under way
 * may bring its key, but cannot tell that there is none. Safe for use by several threads.
 */
final class WaitingCallers {

    static final int MOST = 128;

    private final CurrentKeys keys;
    private final FetchPace pace;
    private final InstantSource clock;

    private final Semaphore news = new Semaphore(0);
    private final List<Waiting> waiting = new ArrayList<>();
    private final MissingKeys missing;
    private long fetchesBegun;
    private boolean closed;

    WaitingCallers(CurrentKeys keys, FetchPace pace, InstantSource clock) {
        this.keys = keys;
        this.pace = pace;
        this.clock = clock;
        this.missing = new MissingKeys(pace.missingFor());
    }

    /** A caller that came when so many fetches had begun. */
    private record Waiting(
            Optional<String> keyId,
            SignatureAlgorithm algorithm,
            long fetchesBegun,
            CompletableFuture<KeyLookup> answer) {

        /** The answer, or that there is none when patience ends or the thread is interrupted. */
        KeyLookup await(Duration patience) {
            try {
                return answer.get(patience.toNanos(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return new KeyLookup.Unavailable();
            } catch (TimeoutException e) {
                return new KeyLookup.Unavailable();
            } catch (ExecutionException e) {
                throw new IllegalStateException("An answer is never a failure", e);
            }
        }
    }

    /**
     * Waits, for {@link FetchPace#patience()} at most, until a fetch brought the key or did not.
     */
    KeyLookup ask(Optional<String> keyId, SignatureAlgorithm algorithm) {
        Waiting caller;
        synchronized (this) {
            KeyLookup known = keys.find(keyId, algorithm); // a fetch may just have ended
            if (!(known instanceof KeyLookup.Unknown) || missing.contains(keyId, clock.instant())) {
                return known;
            }
            if (closed || waiting.size() >= MOST) {
                return new KeyLookup.Unavailable();
            }
            caller = new Waiting(keyId, algorithm, fetchesBegun, new CompletableFuture<>());
            waiting.add(caller);
        }
        news.release();
        KeyLookup answer = caller.await(pace.patience());
        leave(caller);
        return answer;
    }

    private synchronized void leave(Waiting caller) {
        waiting.remove(caller);
    }

    synchronized boolean any() {
        return !waiting.isEmpty();
    }

    /** Waits until another caller came, or so much time went by. */
    void awaitNext(Duration atMost) throws InterruptedException {
        if (news.tryAcquire(atMost.toNanos(), TimeUnit.NANOSECONDS)) {
            news.drainPermits();
        }
    }

    /** Notes that a fetch begins, and returns its number. */
    synchronized long fetchBegins() {
        return ++fetchesBegun;
    }

    /** Answers those whom the fetch of this number serves; its keys are in force already. */
    void fetched(long fetch) {
        Instant now = clock.instant();
        answer(caller -> answer(caller, fetch, now));
    }

    private Optional<KeyLookup> answer(Waiting caller, long fetch, Instant now) {
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
    synchronized void close() {
        closed = true;
        failed();
    }

    private synchronized void answer(Function<Waiting, Optional<KeyLookup>> answers) {
        waiting.removeIf(
                caller -> {
                    Optional<KeyLookup> answer = answers.apply(caller);
                    answer.ifPresent(caller.answer()::complete);
                    return answer.isPresent();
                });
    }

    /** Which {@code kid}s an issuer did not have a moment ago. Bounded; not thread-safe. */
    static final class MissingKeys {

        private static final int MOST = 1024;

        private final Duration remembered;
        private final Map<Optional<String>, Instant> missingUntil =
                new LinkedHashMap<>() {
                    @Override
                    protected boolean removeEldestEntry(
                            Map.Entry<Optional<String>, Instant> eldest) {
                        return size() > MOST;
                    }
                };

        MissingKeys(Duration remembered) {
            this.remembered = remembered;
        }

        void add(Optional<String> keyId, Instant now) {
            missingUntil.remove(keyId);
            missingUntil.put(keyId, now.plus(remembered));
        }

        boolean contains(Optional<String> keyId, Instant now) {
            Instant until = missingUntil.get(keyId);
            return until != null && now.isBefore(until);
        }
    }
}
