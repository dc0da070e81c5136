package services.chorus.seqthink.sealing;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.protocol.Envelope;
import services.chorus.seqthink.protocol.StreamEvent;
import services.chorus.seqthink.sealing.Sealing.Incoming.Cause;

/** Plain JSON in both directions, for {@code INSECURE_DEV} without an identity. */
public final class UnsealedForDevelopment implements Sealing {

    private static final ReplyTarget ANYBODY =
            new ReplyTarget(List.of(), "unsealed", Envelope.DEFAULT_SESSION, Optional.empty());

    @Override
    public String mediaType() {
        return "application/json";
    }

    @Override
    public Incoming open(byte[] body, Expected expected) {
        Optional<ObjectNode> request = StrictJson.parseObject(body);
        if (request.isEmpty()) {
            return new Incoming.Unanswerable(Cause.UNREADABLE);
        }
        return new Incoming.Accepted(request.get(), ANYBODY);
    }

    @Override
    public Incoming openStream(byte[] body, Expected expected) {
        return body.length == 0
                ? new Incoming.Accepted(StrictJson.object(), ANYBODY)
                : open(body, expected);
    }

    @Override
    public byte[] seal(ReplyTarget to, int status, ObjectNode reply, boolean armored) {
        return StrictJson.write(reply);
    }

    @Override
    public byte[] seal(ReplyTarget to, StreamEvent event) {
        return StrictJson.write(event.members());
    }
}
