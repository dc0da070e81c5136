package services.chorus.seqthink.policy;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A caller whose key is unknown, waiting for a fetch that begins after it came. */
final class WaitingCaller {

    private final Optional<String> keyId;
    private final SignatureAlgorithm algorithm;
    private final long fetchesBegun;
    private final CompletableFuture<KeyLookup> answer = new CompletableFuture<>();

    /** A caller that came when so many fetches had begun. */
    WaitingCaller(Optional<String> keyId, SignatureAlgorithm algorithm, long fetchesBegun) {
        this.keyId = keyId;
        this.algorithm = algorithm;
        this.fetchesBegun = fetchesBegun;
    }

    Optional<String> keyId() {
        return keyId;
    }

    SignatureAlgorithm algorithm() {
        return algorithm;
    }

    long fetchesBegun() {
        return fetchesBegun;
    }

    void answer(KeyLookup lookup) {
        answer.complete(lookup);
    }

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
