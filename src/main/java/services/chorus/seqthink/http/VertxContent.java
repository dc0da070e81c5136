package services.chorus.seqthink.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import services.chorus.seqthink.net.RequestBody;
import services.chorus.seqthink.net.RequestBody.BodyRefusedException;
import services.chorus.seqthink.pipeline.Problem;
import services.chorus.seqthink.pipeline.Refused;
import services.chorus.seqthink.pipeline.RequestContent;

/** The content of a paused Vert.x request. */
record VertxContent(HttpServerRequest request) implements RequestContent {

    @Override
    public Optional<String> mediaType() {
        return Optional.ofNullable(request.getHeader(HttpHeaders.CONTENT_TYPE))
                .map(type -> type.split(";", 2)[0].strip());
    }

    @Override
    public boolean isEncoded() {
        return request.headers().contains(HttpHeaders.CONTENT_ENCODING);
    }

    @Override
    public OptionalLong announcedLength() throws Refused {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        try {
            return length == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(length));
        } catch (NumberFormatException e) {
            throw Refused.outside(Problem.BAD_REQUEST);
        }
    }

    @Override
    public byte[] read(int mostBytes, Duration deadline, Room room)
            throws Refused, InterruptedException {
        try {
            return RequestBody.read(request, mostBytes, deadline, room::reserve);
        } catch (BodyRefusedException e) {
            throw Refused.outside(
                    switch (e.why()) {
                        case TOO_LARGE -> Problem.TOO_LARGE;
                        case TOO_SLOW -> Problem.TOO_SLOW;
                        case NO_ROOM -> room.refusal();
                        case BROKEN -> Problem.BAD_REQUEST;
                    });
        }
    }
}
