package services.chorus.seqthink.http;

import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import services.chorus.seqthink.pipeline.SealedReply;

/** Sealed replies as HTTP answers. */
final class Answers {

    /** After how many seconds to try again what could not be done for a moment. */
    static final int TRY_AGAIN_SECONDS = 5;

    private Answers() {}

    static Response of(SealedReply reply) {
        Response.ResponseBuilder answer =
                Response.status(reply.status())
                        .type(reply.mediaType())
                        .header(HttpHeaders.CACHE_CONTROL, "no-store")
                        .entity(reply.body());
        return reply.status() == 503
                ? answer.header(HttpHeaders.RETRY_AFTER, TRY_AGAIN_SECONDS).build()
                : answer.build();
    }
}
