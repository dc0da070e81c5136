package services.chorus.seqthink.gateway;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.function.Function;
import services.chorus.seqthink.sealing.Sealing;

/**
 * Receives sealed bodies: right type (415), then right size (413), then room for it (503), and only
 * then reads. Runs after the token and its scope were checked.
 */
@Singleton
final class SealedBodies {

    private final MediaType sealedType;
    private final int mostBytes;
    private final InflightBytes inflight;

    SealedBodies(Sealing sealing, GatewayConfig config, InflightBytes inflight) {
        this.sealedType = MediaType.valueOf(sealing.mediaType());
        this.mostBytes = config.maxBodyMb() * 1024 * 1024;
        this.inflight = inflight;
    }

    /**
     * Reads a body and hands it on. Its room is kept until the answer is made, fails, or is no
     * longer wanted.
     *
     * @throws ProblemException when the body is not read
     */
    Uni<Response> receive(
            HttpHeaders headers, InputStream body, Function<byte[], Uni<Response>> answer) {
        checkType(headers);
        long announced = announcedLength(headers);
        if (announced > mostBytes) {
            throw new ProblemException(Problem.TOO_LARGE);
        }
        int room = announced >= 0 ? (int) announced : mostBytes;
        if (!inflight.reserve(room)) {
            throw new ProblemException(Problem.BUSY);
        }
        return Uni.createFrom()
                .deferred(() -> answer.apply(read(body, room)))
                .onTermination()
                .invoke(() -> inflight.release(room));
    }

    private void checkType(HttpHeaders headers) {
        MediaType type = headers.getMediaType();
        boolean encoded = headers.getHeaderString(HttpHeaders.CONTENT_ENCODING) != null;
        if (type == null || encoded || !isSealedType(type)) {
            throw new ProblemException(Problem.UNSUPPORTED_MEDIA_TYPE);
        }
    }

    private boolean isSealedType(MediaType type) {
        return type.getType().equalsIgnoreCase(sealedType.getType())
                && type.getSubtype().equalsIgnoreCase(sealedType.getSubtype());
    }

    private static long announcedLength(HttpHeaders headers) {
        String length = headers.getHeaderString(HttpHeaders.CONTENT_LENGTH);
        try {
            return length == null ? -1 : Long.parseLong(length);
        } catch (NumberFormatException e) {
            throw new ProblemException(Problem.BAD_REQUEST);
        }
    }

    /** Reads no more than there is room for, whatever length was announced. */
    private static byte[] read(InputStream body, int room) {
        try {
            byte[] bytes = body.readNBytes(room);
            if (bytes.length == room && body.read() >= 0) {
                Arrays.fill(bytes, (byte) 0);
                throw new ProblemException(Problem.TOO_LARGE);
            }
            return bytes;
        } catch (IOException e) {
            throw new ProblemException(Problem.BAD_REQUEST);
        }
    }
}
