package services.chorus.seqthink.mcp;

import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import services.chorus.seqthink.mcp.UpstreamException.Kind;

/**
 * Shares one check between all requests while it runs and shortly after. It continues if a waiting
 * thread is interrupted.
 */
final class SharedCheck {

    @FunctionalInterface
    interface Check {
        void run() throws UpstreamException, InterruptedException;
    }

    private record Outcome(long at, Optional<Kind> failure) {}

    private final Check check;
    private final Duration holds;
    private final Ticker ticker;
    private Optional<CompletableFuture<Outcome>> latest = Optional.empty();

    /**
     * @param holds how long an outcome, good or bad, is reused
     */
    SharedCheck(Check check, Duration holds, Ticker ticker) {
        this.check = check;
        this.holds = holds;
        this.ticker = ticker;
    }

    /**
     * Returns if the check succeeded.
     *
     * @throws UpstreamException of the kind that the check threw
     */
    void await() throws UpstreamException, InterruptedException {
        try {
            Optional<Kind> failure = current().get().failure();
            if (failure.isPresent()) {
                throw new UpstreamException(failure.get());
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("A check has no outcome", e);
        }
    }

    private synchronized CompletableFuture<Outcome> current() {
        if (latest.filter(this::holds).isEmpty()) {
            latest =
                    Optional.of(
                            CompletableFuture.supplyAsync(
                                    this::outcome, Thread::startVirtualThread));
        }
        return latest.get();
    }

    private boolean holds(CompletableFuture<Outcome> outcome) {
        return !outcome.isDone() || ticker.read() - outcome.join().at() < holds.toNanos();
    }

    private Outcome outcome() {
        Optional<Kind> failure = Optional.empty();
        try {
            check.run();
        } catch (UpstreamException e) {
            failure = Optional.of(e.kind());
        } catch (InterruptedException | RuntimeException e) {
            failure = Optional.of(Kind.BROKEN_REPLY);
        }
        return new Outcome(ticker.read(), failure);
    }
}
