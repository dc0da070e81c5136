package services.chorus.seqthink.http;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.function.Function;
import services.chorus.seqthink.net.BodyRefusedException;
import services.chorus.seqthink.net.RequestBody;
import services.chorus.seqthink.sealing.Sealing;

/**
 * Receives sealed bodies: right type (415), then right size (413), then room for it (503), and only
 * then reads. Runs after the token and its scope were checked.
 */
@Singleton
final class SealedBodies {

    private final String sealedType;
    private final int mostBytes;
    private final Duration deadline;
    private final InflightBytes inflight;

    SealedBodies(Sealing sealing, GatewayConfig config, InflightBytes inflight) {
        this.sealedType = sealing.mediaType();
        this.mostBytes = config.maxBodyMb() * 1024 * 1024;
        this.deadline = config.bodyTimeout();
        this.inflight = inflight;
    }

    /**
     * Reads a body and hands it on, on a worker thread. Its room is kept until the answer is made,
     * fails, or is no longer wanted.
     *
     * @throws ProblemException when the body is not read
     */
    Uni<Response> receive(HttpServerRequest request, Function<byte[], Uni<Response>> answer) {
        checkType(request.headers());
        long announced = announcedLength(request.headers());
        if (announced > mostBytes) {
            throw new ProblemException(Problem.TOO_LARGE);
        }
        if (!inflight.hasRoomFor(announced)) {
            throw new ProblemException(Problem.BUSY);
        }
        InflightBytes.Share share = inflight.share();
        return RequestBody.of(request, mostBytes, deadline, share::grow)
                .onFailure(BodyRefusedException.class)
                .transform(SealedBodies::problem)
                .emitOn(Infrastructure.getDefaultWorkerPool())
                .chain(body -> answer.apply(body))
                .onTermination()
                .invoke(share::end);
    }

    private void checkType(MultiMap headers) {
        String type = headers.get(HttpHeaders.CONTENT_TYPE);
        // the bare type, whatever parameters follow it
        boolean right = type != null && type.split(";", 2)[0].strip().equalsIgnoreCase(sealedType);
        if (!right || headers.contains(HttpHeaders.CONTENT_ENCODING)) {
            throw new ProblemException(Problem.UNSUPPORTED_MEDIA_TYPE);
        }
    }

    /** As the header says, or 0 for a body in chunks. */
    private static long announcedLength(MultiMap headers) {
        String length = headers.get(HttpHeaders.CONTENT_LENGTH);
        try {
            return length == null ? 0 : Long.parseLong(length);
        } catch (NumberFormatException e) {
            throw new ProblemException(Problem.BAD_REQUEST);
        }
    }

    private static ProblemException problem(BodyRefusedException refused) {
        return new ProblemException(
                switch (refused.why()) {
                    case TOO_LARGE -> Problem.TOO_LARGE;
                    case TOO_SLOW -> Problem.TOO_SLOW;
                    case NO_ROOM -> Problem.BUSY;
                    case BROKEN -> Problem.BAD_REQUEST;
                });
    }
}
