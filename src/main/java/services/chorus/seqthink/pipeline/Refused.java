package services.chorus.seqthink.pipeline;

import services.chorus.seqthink.policy.Reason;
import services.chorus.seqthink.policy.dpop.ProofFault;
import services.chorus.seqthink.sealing.Refusal;
import services.chorus.seqthink.sealing.ReplyTarget;

/**
 * Thrown by a stage to reject a request. Its reason becomes the answer. Contains no data from the
 * request.
 */
public final class Refused extends Exception {

    public sealed interface Cause {}

    /** A clear answer, which everybody can read. */
    public record Outside(Problem problem) implements Cause {}

    /** The token does not authenticate its sender: 401 with a challenge. */
    public record InvalidToken(Reason reason) implements Cause {}

    /** The DPoP proof is missing or wrong: 401 with a challenge. */
    public record InvalidProof(ProofFault fault) implements Cause {}

    /**
     * A sealed answer, which only the caller can read.
     *
     * @param outerStatus the status outside the seal
     */
    public record Inside(ReplyTarget to, int outerStatus, Refusal refusal) implements Cause {}

    private final transient Cause reason;

    public Refused(Cause reason) {
        super(reason.getClass().getSimpleName(), null, false, false);
        this.reason = reason;
    }

    public static Refused outside(Problem problem) {
        return new Refused(new Outside(problem));
    }

    /** For a fault of the request: the outer status is 403, whatever the inner status. */
    static Refused forRequest(ReplyTarget to, Refusal refusal) {
        return new Refused(new Inside(to, 403, refusal));
    }

    /** For a fault of this service or of the MCP server: the outer status is the inner one. */
    static Refused forState(ReplyTarget to, Refusal refusal) {
        return new Refused(new Inside(to, refusal.status(), refusal));
    }

    public Cause reason() {
        return reason;
    }
}
