package services.chorus.seqthink.http;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.Response;
import java.util.function.Function;
import java.util.function.Supplier;
import services.chorus.seqthink.sealing.Correspondent;
import services.chorus.seqthink.sealing.Incoming;
import services.chorus.seqthink.sealing.Incoming.Cause;
import services.chorus.seqthink.sealing.Passage;
import services.chorus.seqthink.sealing.Refusal;
import services.chorus.seqthink.sealing.ReplayGuard;
import services.chorus.seqthink.telemetry.Count;
import services.chorus.seqthink.telemetry.Meters;

/**
 * What every sealed route does with a request that was opened. Once it has opened and is bound,
 * everything that is said of it is said inside a seal.
 */
@Singleton
final class Admittance {

    private final ReplayGuard guard;
    private final SealedReplies replies;
    private final Meters meters;

    Admittance(ReplayGuard guard, SealedReplies replies, Meters meters) {
        this.guard = guard;
        this.replies = replies;
        this.meters = meters;
    }

    /**
     * Answers a request that may not pass, and lets the others be answered.
     *
     * @throws ProblemException when there is nobody to answer inside a seal
     */
    Uni<Response> admit(
            Incoming incoming,
            Presented token,
            boolean armored,
            Function<Incoming.Accepted, Uni<Response>> answer) {
        return switch (incoming) {
            case Incoming.Unanswerable(Cause cause) -> throw unanswerable(cause);
            case Incoming.Refused(Correspondent from, Refusal refusal) ->
                    Uni.createFrom().item(() -> replies.refuse(from, refusal, armored));
            case Incoming.Accepted accepted -> admitted(accepted, token, armored, answer);
        };
    }

    /** The one place that every request passes which is to have an effect. */
    private Uni<Response> admitted(
            Incoming.Accepted accepted,
            Presented token,
            boolean armored,
            Function<Incoming.Accepted, Uni<Response>> answer) {
        Correspondent from = accepted.from();
        if (from.binding().isEmpty()) {
            return answer.apply(accepted); // nothing to know it again by
        }
        Uni<Passage> passage = guard.admit(token.caller().id(), from.binding().get());
        return pass(passage, from, armored, () -> answer.apply(accepted));
    }

    /** Answers a request as it says itself, where it may go on; on a worker. */
    Uni<Response> pass(
            Uni<Passage> passage,
            Correspondent from,
            boolean armored,
            Supplier<Uni<Response>> answer) {
        return passage
                // the answer is made on a worker, whoever brought the verdict
                .emitOn(Infrastructure.getDefaultWorkerPool())
                .chain(
                        verdict -> {
                            count(verdict);
                            return verdict.refusal()
                                    .map(refusal -> refused(from, refusal, armored))
                                    .orElseGet(answer);
                        });
    }

    private void count(Passage passage) {
        switch (passage) {
            case ADMITTED -> {}
            case REPLAYED -> meters.count(Count.REPLAYS);
            case TOO_MANY_REQUESTS -> meters.count(Count.REPLAY_QUOTA_FULL);
            case TOO_MANY_HISTORIES -> meters.count(Count.HISTORY_QUOTA_FULL);
            case UNAVAILABLE -> meters.count(Count.STATE_FAILURES);
        }
    }

    private Uni<Response> refused(Correspondent from, Refusal refusal, boolean armored) {
        return Uni.createFrom().item(() -> replies.fail(from, refusal, armored));
    }

    private ProblemException unanswerable(Cause cause) {
        return new ProblemException(
                switch (cause) {
                    case UNREADABLE -> {
                        meters.count(Count.DECRYPT_FAILURES);
                        yield Problem.MALFORMED;
                    }
                    case NO_IDENTITY -> {
                        meters.count(Count.DECRYPT_FAILURES);
                        yield Problem.KEY_CONFIG;
                    }
                    case ENVELOPE_REQUIRED -> Problem.ENVELOPE_REQUIRED;
                    case TOO_LARGE -> Problem.TOO_LARGE;
                });
    }
}
