package services.chorus.seqthink.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import services.chorus.seqthink.sealing.Correspondent;
import services.chorus.seqthink.sealing.Refusal;
import services.chorus.seqthink.sealing.Sealing;
import services.chorus.seqthink.telemetry.Count;
import services.chorus.seqthink.telemetry.Meters;
import services.chorus.seqthink.telemetry.Phase;

/** Answers inside a seal. */
@Singleton
final class SealedReplies {

    private final Sealing sealing;
    private final Meters meters;

    SealedReplies(Sealing sealing, Meters meters) {
        this.sealing = sealing;
        this.meters = meters;
    }

    /**
     * An answer.
     *
     * @param outside the status that everybody sees
     * @param inside the status that only the caller does
     */
    Response seal(Correspondent to, int outside, int inside, ObjectNode members, boolean armored) {
        byte[] body;
        try {
            body = meters.timed(Phase.SEAL, () -> sealing.seal(to, inside, members, armored));
        } catch (RuntimeException e) {
            meters.count(Count.ENCRYPT_FAILURES);
            throw e;
        }
        Response.ResponseBuilder answer =
                Response.status(outside)
                        .type(sealing.mediaType())
                        .header(HttpHeaders.CACHE_CONTROL, "no-store")
                        .entity(new SealedReply(body, inside, code(members)));
        return outside == 503
                ? answer.header(HttpHeaders.RETRY_AFTER, ProblemMappers.TRY_AGAIN_SECONDS).build()
                : answer.build();
    }

    private static Optional<String> code(ObjectNode members) {
        return Optional.ofNullable(members.at("/error/code").textValue());
    }

    /** A refusal for what the request says: outside a bare 403, whatever the reason inside. */
    Response refuse(Correspondent to, Refusal refusal, boolean armored) {
        return refuse(to, 403, refusal, armored);
    }

    /** A refusal for want of something else than the request, whose kind may show outside. */
    Response fail(Correspondent to, Refusal refusal, boolean armored) {
        return refuse(to, refusal.status(), refusal, armored);
    }

    private Response refuse(Correspondent to, int outside, Refusal refusal, boolean armored) {
        ObjectNode members = JsonNodeFactory.instance.objectNode();
        error(members, refusal.code(), refusal.message());
        return seal(to, outside, refusal.status(), members, armored);
    }

    /** Adds the member {@code error}, and returns it. */
    static ObjectNode error(ObjectNode members, String code, String message) {
        return members.putObject("error").put("code", code).put("message", message);
    }
}
