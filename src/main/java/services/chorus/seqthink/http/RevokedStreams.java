package services.chorus.seqthink.http;

import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Provider;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import services.chorus.seqthink.http.GatewayConfig.Role;
import services.chorus.seqthink.policy.Reason;
import services.chorus.seqthink.policy.TokenJudge;
import services.chorus.seqthink.policy.Verdict;
import services.chorus.seqthink.protocol.StreamEvent;

/**
 * Ends the streams whose token would be refused by now. Judges each token again every few seconds,
 * as it would be for a call, which costs little: what others have to be asked for is remembered.
 */
@Singleton
final class RevokedStreams {

    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(2);

    private final LiveStreams live;
    private final Provider<TokenJudge> tokens;
    private final Duration betweenLooks;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    @Inject
    RevokedStreams(LiveStreams live, Provider<TokenJudge> tokens) {
        this(live, tokens, BETWEEN_LOOKS);
    }

    RevokedStreams(LiveStreams live, Provider<TokenJudge> tokens, Duration betweenLooks) {
        this.live = live;
        this.tokens = tokens;
        this.betweenLooks = betweenLooks;
    }

    void start(@Observes StartupEvent event, GatewayConfig config) {
        if (Role.DOOR.actsIn(config)) {
            start();
        }
    }

    void start() {
        threads.execute(this::lookUntilEnd);
    }

    @PreDestroy
    void stop() {
        threads.shutdownNow();
    }

    private void lookUntilEnd() {
        try {
            while (true) {
                Thread.sleep(betweenLooks);
                threads.invokeAll(live.tokens().stream().map(this::look).toList());
            }
        } catch (InterruptedException e) {
            // stopped
        }
    }

    /** On a thread of its own: a token that somebody has to be asked for holds up no other. */
    private Callable<Void> look(String token) {
        return () -> {
            if (isTakenBack(tokens.get().verify(token))) {
                live.end(token, StreamEvent.Reason.TOKEN_REVOKED);
            }
            return null;
        };
    }

    /** A stream ends with its token's time by itself, and goes on where nobody can tell. */
    private static boolean isTakenBack(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Accepted(var token) -> false;
            case Verdict.Refused(Reason reason) -> reason != Reason.EXPIRED;
            case Verdict.KeysUnavailable() -> false;
        };
    }
}
