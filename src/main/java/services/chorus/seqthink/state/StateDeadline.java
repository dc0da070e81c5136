package services.chorus.seqthink.state;

import io.vertx.core.Context;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Lock;

/**
 * The deadline of an operation on shared state.
 *
 * @param nanoTime on the clock of {@link System#nanoTime}
 */
record StateDeadline(long nanoTime) {

    static final Duration PATIENCE = Duration.ofSeconds(2);

    /**
     * The deadline of an operation that begins now.
     *
     * @throws IllegalStateException on an event loop
     * @throws StateUnavailableException when the thread is interrupted
     */
    static StateDeadline start() {
        if (Context.isOnEventLoopThread()) {
            throw new IllegalStateException("Shared state was used on an event loop");
        }
        if (Thread.currentThread().isInterrupted()) {
            throw interrupted();
        }
        return new StateDeadline(System.nanoTime() + PATIENCE.toNanos());
    }

    /**
     * Blocks until there is a result.
     *
     * @throws StateUnavailableException when there is none in time, it is a failure, or the thread
     *     is interrupted, which it stays. Omits the failure's message, which may come from Redis.
     */
    <T> T await(CompletableFuture<T> result) {
        try {
            return result.get(left(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            throw interrupted();
        } catch (ExecutionException e) {
            throw unavailable(e.getCause().getClass());
        } catch (TimeoutException e) {
            throw unavailable(TimeoutException.class);
        }
    }

    /**
     * Acquires a lock.
     *
     * @throws StateUnavailableException when that takes too long, or the thread is interrupted,
     *     which it stays
     */
    void lock(Lock lock) {
        try {
            if (!lock.tryLock(left(), TimeUnit.NANOSECONDS)) {
                throw unavailable(TimeoutException.class);
            }
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private long left() {
        return nanoTime - System.nanoTime();
    }

    private static StateUnavailableException interrupted() {
        Thread.currentThread().interrupt();
        return new StateUnavailableException("Interrupted");
    }

    private static StateUnavailableException unavailable(Class<?> cause) {
        return new StateUnavailableException(
                "The shared state cannot be reached (" + cause.getSimpleName() + ")");
    }
}
