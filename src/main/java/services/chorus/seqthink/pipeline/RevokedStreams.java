package services.chorus.seqthink.pipeline;

import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Provider;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import services.chorus.seqthink.policy.Reason;
import services.chorus.seqthink.policy.TokenJudge;
import services.chorus.seqthink.policy.Verdict;
import services.chorus.seqthink.protocol.StreamEvent;

/**
 * Ends the streams of revoked tokens. Verifies each token again every two seconds, as for a call;
 * answers of issuers are cached.
 */
@Singleton
public final class RevokedStreams {

    private static final Duration INTERVAL = Duration.ofSeconds(2);

    private final LiveStreams live;
    private final Provider<TokenJudge> tokens;
    private final Duration interval;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    @Inject
    RevokedStreams(LiveStreams live, Provider<TokenJudge> tokens) {
        this(live, tokens, INTERVAL);
    }

    RevokedStreams(LiveStreams live, Provider<TokenJudge> tokens, Duration interval) {
        this.live = live;
        this.tokens = tokens;
        this.interval = interval;
    }

    /** Verifies tokens until this service stops. */
    public void start() {
        threads.execute(this::verifyUntilStopped);
    }

    @PreDestroy
    void stop() {
        threads.shutdownNow();
    }

    private void verifyUntilStopped() {
        try {
            while (true) {
                Thread.sleep(interval);
                threads.invokeAll(live.tokens().stream().map(this::verification).toList());
            }
        } catch (InterruptedException e) {
            // stopped
        }
    }

    /** On its own thread: an introspection must not delay other tokens. */
    private Callable<Void> verification(String token) {
        return () -> {
            if (isRevoked(tokens.get().verify(token))) {
                live.end(token, StreamEvent.Reason.TOKEN_REVOKED);
            }
            return null;
        };
    }

    /** False for an expired token, whose stream ends anyway, and while keys are unavailable. */
    private static boolean isRevoked(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Accepted(var token) -> false;
            case Verdict.Refused(Reason reason) -> reason != Reason.EXPIRED;
            case Verdict.KeysUnavailable() -> false;
        };
    }
}
