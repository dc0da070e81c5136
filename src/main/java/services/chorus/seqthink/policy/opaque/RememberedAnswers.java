package services.chorus.seqthink.policy.opaque;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import services.chorus.seqthink.policy.FetchException;
import services.chorus.seqthink.policy.FetchException.Problem;

/**
 * Caches the answers of the last 30 s by the tokens' SHA-256, good and bad ones, a bounded number.
 * All who wait for one answer share one question. Made-up tokens have places and memory of their
 * own: however many come, a token that was good a while ago is asked about at once.
 */
// The class that Caffeine picks for these bounds; Quarkus registers those of other bounds only.
@RegisterForReflection(classNames = "com.github.benmanes.caffeine.cache.SSMWW")
final class RememberedAnswers {

    static final Duration REMEMBERED = Duration.ofSeconds(30);
    static final int AT_ONCE = 64;

    private static final Duration ONCE_GOOD = Duration.ofMinutes(15);
    private static final int MOST_BYTES = 16 * 1024 * 1024;
    private static final int MOST_INACTIVE = 10_000;
    private static final int OVERHEAD = 500;

    /** The claims of an active token, or that there are none. */
    private record Remembered(Optional<ObjectNode> claims, Instant at) {}

    private final TokenService service;
    private final InstantSource clock;
    private final Cache<String, Remembered> active =
            Caffeine.newBuilder()
                    .maximumWeight(MOST_BYTES)
                    .<String, Remembered>weigher((hash, known) -> weight(known))
                    .expireAfterWrite(ONCE_GOOD)
                    .build();
    private final Cache<String, Remembered> inactive =
            Caffeine.newBuilder().maximumSize(MOST_INACTIVE).expireAfterWrite(REMEMBERED).build();
    private final Map<String, CompletableFuture<Optional<ObjectNode>>> underWay =
            new ConcurrentHashMap<>();
    private final Semaphore known = new Semaphore(AT_ONCE);
    private final Semaphore strangers = new Semaphore(AT_ONCE);

    RememberedAnswers(TokenService service, InstantSource clock) {
        this.service = service;
        this.clock = clock;
    }

    /**
     * Asks about a token, unless there is an answer already.
     *
     * @param hash unpadded base64url SHA-256 of the token
     * @return what {@link TokenService#ask} says
     * @throws FetchException when there is no answer
     */
    Optional<ObjectNode> about(String hash, String token)
            throws FetchException, InterruptedException {
        Optional<Remembered> remembered = remembered(hash);
        if (remembered.isPresent()) {
            return remembered.get().claims();
        }
        CompletableFuture<Optional<ObjectNode>> mine = new CompletableFuture<>();
        CompletableFuture<Optional<ObjectNode>> first = underWay.putIfAbsent(hash, mine);
        if (first != null) {
            return await(first);
        }
        try {
            Optional<ObjectNode> answer = ask(hash, token);
            mine.complete(answer);
            return answer;
        } catch (FetchException e) {
            mine.completeExceptionally(e);
            throw e;
        } finally {
            underWay.remove(hash);
            mine.completeExceptionally(new FetchException(Problem.UNREACHABLE));
        }
    }

    private Optional<Remembered> remembered(String hash) {
        Instant now = clock.instant();
        return Optional.ofNullable(active.getIfPresent(hash))
                .or(() -> Optional.ofNullable(inactive.getIfPresent(hash)))
                .filter(told -> !now.isBefore(told.at) && now.isBefore(told.at.plus(REMEMBERED)));
    }

    private Optional<ObjectNode> ask(String hash, String token)
            throws FetchException, InterruptedException {
        Semaphore places = active.getIfPresent(hash) == null ? strangers : known;
        if (!places.tryAcquire()) {
            throw new FetchException(Problem.BUSY);
        }
        try {
            Instant at = clock.instant();
            Optional<ObjectNode> answer = service.ask(token);
            remember(hash, new Remembered(answer, at));
            return answer;
        } finally {
            places.release();
        }
    }

    private void remember(String hash, Remembered told) {
        if (told.claims.isPresent()) {
            active.put(hash, told);
        } else {
            active.invalidate(hash);
            inactive.put(hash, told);
        }
    }

    private static Optional<ObjectNode> await(CompletableFuture<Optional<ObjectNode>> first)
            throws FetchException, InterruptedException {
        try {
            return first.get();
        } catch (ExecutionException e) {
            throw (FetchException) e.getCause();
        }
    }

    private static int weight(Remembered told) {
        return OVERHEAD + told.claims.map(claims -> claims.toString().length()).orElse(0);
    }
}
