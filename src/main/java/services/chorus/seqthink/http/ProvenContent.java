package services.chorus.seqthink.http;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.Response;
import java.util.function.Supplier;
import services.chorus.seqthink.policy.dpop.Proof;
import services.chorus.seqthink.policy.dpop.ProofFault;
import services.chorus.seqthink.policy.dpop.ProofGuard;
import services.chorus.seqthink.telemetry.Count;
import services.chorus.seqthink.telemetry.Meters;

/**
 * The second half of judging a proof, when the content is there: DPoP signs none, so the proof says
 * its hash. What the proof was not made for does not use it up.
 */
@Singleton
final class ProvenContent {

    private final ProofGuard guard;
    private final Meters meters;

    ProvenContent(ProofGuard guard, Meters meters) {
        this.guard = guard;
        this.meters = meters;
    }

    /**
     * Answers a request whose token needs no proof, or whose proof is for this content and is used
     * for the first time.
     *
     * @param content the sealed bytes as they were sent
     */
    Uni<Response> require(Presented token, byte[] content, Supplier<Uni<Response>> answer) {
        if (token.boundTo().isEmpty()) {
            return answer.get();
        }
        Proof proof = token.proof().orElseThrow(() -> new ProofRefused(ProofFault.MISSING));
        if (!proof.covers(content)) {
            throw new ProofRefused(ProofFault.OTHER_REQUEST);
        }
        return guard.admit(token.caller(), proof)
                // the answer is made on a worker, whoever brought the verdict
                .emitOn(Infrastructure.getDefaultWorkerPool())
                .invoke(this::requireFirst)
                .chain(first -> answer.get());
    }

    private void requireFirst(ProofGuard.Outcome outcome) {
        switch (outcome) {
            case FIRST -> {}
            case USED -> {
                meters.count(Count.REPLAYS);
                throw new ProofRefused(ProofFault.USED);
            }
            case FULL -> {
                meters.count(Count.REPLAY_QUOTA_FULL);
                throw new ProblemException(Problem.REPLAY_GUARD_FULL);
            }
            case UNAVAILABLE -> {
                meters.count(Count.STATE_FAILURES);
                throw new ProblemException(Problem.STATE_UNAVAILABLE);
            }
        }
    }
}
