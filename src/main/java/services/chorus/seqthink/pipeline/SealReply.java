package services.chorus.seqthink.pipeline;

import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.function.Supplier;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.protocol.StreamEvent;
import services.chorus.seqthink.sealing.ReplyTarget;
import services.chorus.seqthink.sealing.Sealing;
import services.chorus.seqthink.telemetry.Count;
import services.chorus.seqthink.telemetry.Meters;
import services.chorus.seqthink.telemetry.Phase;

/** Seals replies, refusals and stream events to their caller. */
@Singleton
public final class SealReply {

    /**
     * An answer inside a seal.
     *
     * @param status the status outside the seal
     */
    public record SealedReply(int status, String mediaType, byte[] body) {

        /** Hides the body. */
        @Override
        public String toString() {
            return "SealedReply[" + status + "]";
        }
    }

    private final Sealing sealing;
    private final Meters meters;

    SealReply(Sealing sealing, Meters meters) {
        this.sealing = sealing;
        this.meters = meters;
    }

    SealedReply reply(Exchange exchange) {
        return seal(exchange, exchange.replyTarget(), 200, 200, exchange.outcome());
    }

    /** Seals a refusal that only the caller may read. */
    public SealedReply refusal(Exchange exchange, Refused.Inside refused) {
        ObjectNode members = StrictJson.object();
        members.set("error", refused.refusal().error());
        return seal(
                exchange, refused.to(), refused.outerStatus(), refused.refusal().status(), members);
    }

    byte[] event(ReplyTarget to, StreamEvent event) {
        return sealed(() -> sealing.seal(to, event));
    }

    private SealedReply seal(
            Exchange exchange, ReplyTarget to, int outer, int inner, ObjectNode members) {
        byte[] body = sealed(() -> sealing.seal(to, inner, members, exchange.armored()));
        exchange.answered(inner, Optional.ofNullable(members.at("/error/code").textValue()));
        return new SealedReply(outer, sealing.mediaType(), body);
    }

    private byte[] sealed(Supplier<byte[]> work) {
        try {
            return meters.timed(Phase.SEAL, work);
        } catch (RuntimeException e) {
            meters.count(Count.ENCRYPT_FAILURES);
            throw e;
        }
    }
}
