package services.chorus.seqthink.policy.opaque;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import services.chorus.seqthink.policy.opaque.UnansweredException.Problem;

/**
 * Answers of the last 30 s by the tokens' SHA-256, good and bad ones, so many at most. All who wait
 * for one answer share one question. Made-up tokens have places and memory of their own: however
 * many come, a token that was good a while ago is asked about at once.
 */
final class RememberedAnswers {

    static final Duration REMEMBERED = Duration.ofSeconds(30);
    static final int AT_ONCE = 64;

    private static final Duration ONCE_GOOD = Duration.ofMinutes(15);
    private static final int MOST_BYTES = 16 * 1024 * 1024;
    private static final int MOST_INACTIVE = 10_000;
    private static final int OVERHEAD = 500;

    private record Remembered(Answer answer, Instant at) {}

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
    private final Map<String, CompletableFuture<Answer>> underWay = new ConcurrentHashMap<>();
    private final Semaphore known = new Semaphore(AT_ONCE);
    private final Semaphore strangers = new Semaphore(AT_ONCE);

    RememberedAnswers(TokenService service, InstantSource clock) {
        this.service = service;
        this.clock = clock;
    }

    /**
     * @param hash unpadded base64url SHA-256 of the token
     */
    Answer about(String hash, String token) throws UnansweredException, InterruptedException {
        Optional<Answer> remembered = remembered(hash);
        if (remembered.isPresent()) {
            return remembered.get();
        }
        CompletableFuture<Answer> mine = new CompletableFuture<>();
        CompletableFuture<Answer> first = underWay.putIfAbsent(hash, mine);
        if (first != null) {
            return await(first);
        }
        try {
            Answer answer = ask(hash, token);
            mine.complete(answer);
            return answer;
        } catch (UnansweredException e) {
            mine.completeExceptionally(e);
            throw e;
        } finally {
            underWay.remove(hash);
            mine.completeExceptionally(new UnansweredException(Problem.UNREACHABLE));
        }
    }

    private Optional<Answer> remembered(String hash) {
        Instant now = clock.instant();
        return Optional.ofNullable(active.getIfPresent(hash))
                .or(() -> Optional.ofNullable(inactive.getIfPresent(hash)))
                .filter(told -> !now.isBefore(told.at) && now.isBefore(told.at.plus(REMEMBERED)))
                .map(Remembered::answer);
    }

    private Answer ask(String hash, String token) throws UnansweredException, InterruptedException {
        Semaphore places = active.getIfPresent(hash) == null ? strangers : known;
        if (!places.tryAcquire()) {
            throw new UnansweredException(Problem.BUSY);
        }
        try {
            Instant at = clock.instant();
            Answer answer = service.ask(token);
            remember(hash, new Remembered(answer, at));
            return answer;
        } finally {
            places.release();
        }
    }

    private void remember(String hash, Remembered told) {
        switch (told.answer) {
            case Answer.Active yes -> active.put(hash, told);
            case Answer.Inactive no -> {
                active.invalidate(hash);
                inactive.put(hash, told);
            }
        }
    }

    private static Answer await(CompletableFuture<Answer> first)
            throws UnansweredException, InterruptedException {
        try {
            return first.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof UnansweredException unanswered
                    ? unanswered
                    : new UnansweredException(Problem.UNREACHABLE);
        }
    }

    private static int weight(Remembered told) {
        return switch (told.answer) {
            case Answer.Active(var claims) -> OVERHEAD + claims.toString().length();
            case Answer.Inactive() -> OVERHEAD;
        };
    }
}
