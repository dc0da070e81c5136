package services.chorus.seqthink.pipeline;

import services.chorus.seqthink.policy.Reason;
import services.chorus.seqthink.policy.dpop.ProofFault;
import services.chorus.seqthink.sealing.Refusal;
import services.chorus.seqthink.sealing.ReplyTarget;

/**
 * Ends a request: the stage that throws it refuses to go on, for a reason that one place turns into
 * an answer. Carries no content of the request.
 */
public final class Refused extends Exception {

    public sealed interface Cause {}

    /** A problem that everybody may see. */
    public record Outside(Problem problem) implements Cause {}

    /** The token does not authenticate its sender: 401 with a challenge. */
    public record InvalidToken(Reason reason) implements Cause {}

    /** The DPoP proof is missing or wrong: 401 with a challenge. */
    public record InvalidProof(ProofFault fault) implements Cause {}

    /**
     * A refusal that only the caller may read, inside a seal.
     *
     * @param to who reads it
     * @param outerStatus the status that everybody sees
     */
    public record Inside(ReplyTarget to, int outerStatus, Refusal refusal) implements Cause {}

    private final transient Cause reason;

    public Refused(Cause reason) {
        super(reason.getClass().getSimpleName(), null, false, false);
        this.reason = reason;
    }

    /** A problem that everybody may see. */
    public static Refused outside(Problem problem) {
        return new Refused(new Outside(problem));
    }

    /** The request is at fault: outside a bare 403, whatever the status inside. */
    static Refused forRequest(ReplyTarget to, Refusal refusal) {
        return new Refused(new Inside(to, 403, refusal));
    }

    /** The state of this service or of the MCP server is: the status shows outside too. */
    static Refused forState(ReplyTarget to, Refusal refusal) {
        return new Refused(new Inside(to, refusal.status(), refusal));
    }

    public Cause reason() {
        return reason;
    }
}
