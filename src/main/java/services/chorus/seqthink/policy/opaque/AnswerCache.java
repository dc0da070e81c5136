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
import services.chorus.seqthink.policy.TokenOrigin;
import services.chorus.seqthink.policy.limits.Network;
import services.chorus.seqthink.policy.limits.Shares;

/**
 * Caches answers about tokens for 30 s by the tokens' SHA-256, a bounded number of them. Concurrent
 * calls for one token share one request. Unknown tokens have cache space and permits of their own,
 * so that any number of invalid tokens does not delay one that was active a while ago; and those of
 * one address leave some for the unknown tokens of others.
 */
// the class that Caffeine selects for these bounds; Quarkus registers only those of other bounds
@RegisterForReflection(classNames = "com.github.benmanes.caffeine.cache.SSMWW")
final class AnswerCache {

    static final Duration FRESH_FOR = Duration.ofSeconds(30);
    static final int AT_ONCE = 64;

    private static final Duration KNOWN_FOR = Duration.ofMinutes(15);
    private static final int MOST_BYTES = 16 * 1024 * 1024;
    private static final int MOST_INACTIVE = 10_000;
    private static final int OVERHEAD = 500;

    /**
     * @param claims empty when the token is not active
     */
    private record Answer(Optional<ObjectNode> claims, Instant at) {}

    private final TokenService service;
    private final InstantSource clock;
    private final Cache<String, Answer> active =
            Caffeine.newBuilder()
                    .maximumWeight(MOST_BYTES)
                    .<String, Answer>weigher((hash, known) -> weight(known))
                    .expireAfterWrite(KNOWN_FOR)
                    .build();
    private final Cache<String, Answer> inactive =
            Caffeine.newBuilder().maximumSize(MOST_INACTIVE).expireAfterWrite(FRESH_FOR).build();
    private final Map<String, CompletableFuture<Optional<ObjectNode>>> inFlight =
            new ConcurrentHashMap<>();
    private final Semaphore known = new Semaphore(AT_ONCE);
    // by the network that sends them; one gets half at most
    private final Shares<Optional<Network>> unknown = new Shares<>(AT_ONCE, 1, AT_ONCE / 2);

    AnswerCache(TokenService service, InstantSource clock) {
        this.service = service;
        this.clock = clock;
    }

    /**
     * The answer about a token, cached or asked for.
     *
     * @param hash unpadded base64url SHA-256 of the token
     * @return the result of {@link TokenService#ask}
     * @throws FetchException when there is no answer
     */
    Optional<ObjectNode> about(String hash, String token)
            throws FetchException, InterruptedException {
        Optional<Answer> cached = cached(hash);
        if (cached.isPresent()) {
            return cached.get().claims();
        }
        CompletableFuture<Optional<ObjectNode>> own = new CompletableFuture<>();
        CompletableFuture<Optional<ObjectNode>> first = inFlight.putIfAbsent(hash, own);
        if (first != null) {
            return await(first);
        }
        try {
            Optional<ObjectNode> answer = ask(hash, token);
            own.complete(answer);
            return answer;
        } catch (FetchException e) {
            own.completeExceptionally(e);
            throw e;
        } finally {
            inFlight.remove(hash);
            own.completeExceptionally(new FetchException(Problem.UNREACHABLE));
        }
    }

    private Optional<Answer> cached(String hash) {
        Instant now = clock.instant();
        return Optional.ofNullable(active.getIfPresent(hash))
                .or(() -> Optional.ofNullable(inactive.getIfPresent(hash)))
                .filter(
                        answer ->
                                !now.isBefore(answer.at)
                                        && now.isBefore(answer.at.plus(FRESH_FOR)));
    }

    private Optional<ObjectNode> ask(String hash, String token)
            throws FetchException, InterruptedException {
        return active.getIfPresent(hash) == null
                ? askAboutUnknown(hash, token)
                : askAboutKnown(hash, token);
    }

    private Optional<ObjectNode> askAboutKnown(String hash, String token)
            throws FetchException, InterruptedException {
        if (!known.tryAcquire()) {
            throw new FetchException(Problem.BUSY);
        }
        try {
            return askNow(hash, token);
        } finally {
            known.release();
        }
    }

    private Optional<ObjectNode> askAboutUnknown(String hash, String token)
            throws FetchException, InterruptedException {
        Optional<Network> origin = TokenOrigin.current().map(Network::ofHolder);
        if (unknown.take(origin, 1) != Shares.Grant.GRANTED) {
            throw new FetchException(Problem.BUSY);
        }
        try {
            return askNow(hash, token);
        } finally {
            unknown.release(origin, 1);
        }
    }

    private Optional<ObjectNode> askNow(String hash, String token)
            throws FetchException, InterruptedException {
        Instant at = clock.instant();
        Optional<ObjectNode> answer = service.ask(token);
        store(hash, new Answer(answer, at));
        return answer;
    }

    private void store(String hash, Answer answer) {
        if (answer.claims.isPresent()) {
            active.put(hash, answer);
        } else {
            active.invalidate(hash);
            inactive.put(hash, answer);
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

    private static int weight(Answer answer) {
        return OVERHEAD + answer.claims.map(claims -> claims.toString().length()).orElse(0);
    }
}
