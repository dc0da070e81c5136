package services.chorus.seqthink.policy;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;
import services.chorus.seqthink.policy.KeyFetchException.Problem;

/**
 * Fetches the keys of one issuer, on one thread: at the start, ahead of the document's expiry, and
 * for callers with an unknown key, as far as the budget goes. Its outcome may be read by any
 * thread.
 */
final class KeyFetcher implements Runnable {

    private static final Logger LOG = Logger.getLogger(KeyFetcher.class);

    private final String issuer;
    private final KeySource source;
    private final KeysInForce keys;
    private final WaitingCallers callers;
    private final FetchPace pace;
    private final InstantSource clock;
    private final FetchBudget budget;
    private Instant refreshAt = Instant.MIN;

    private final AtomicLong fetches = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private volatile Optional<Problem> problem = Optional.empty();

    KeyFetcher(
            String issuer,
            KeySource source,
            KeysInForce keys,
            WaitingCallers callers,
            FetchPace pace,
            InstantSource clock) {
        this.issuer = issuer;
        this.source = source;
        this.keys = keys;
        this.callers = callers;
        this.pace = pace;
        this.clock = clock;
        this.budget = new FetchBudget(pace.burst(), pace.interval());
    }

    /** Fetches until the thread is interrupted. */
    @Override
    public void run() {
        try {
            while (true) {
                awaitTurn();
                fetch();
            }
        } catch (InterruptedException e) {
            callers.close();
        }
    }

    /** Why the last fetch failed; empty when it did not. */
    Optional<Problem> problem() {
        return problem;
    }

    long fetches() {
        return fetches.get();
    }

    long failures() {
        return failures.get();
    }

    private void awaitTurn() throws InterruptedException {
        while (!isDue(clock.instant())) {
            callers.awaitNext(pace.tick());
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
        } catch (KeyFetchException e) {
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
