package services.chorus.seqthink.http;

import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import services.chorus.seqthink.pipeline.Problem;
import services.chorus.seqthink.pipeline.Refused;

/** Reads the header {@code Accept}. */
final class Accepted {

    private Accepted() {}

    /**
     * Whether the caller wants armored replies, {@code application/age; armor=true}; false for a
     * malformed header.
     */
    static boolean wantsArmor(HttpHeaders headers) {
        try {
            return headers.getAcceptableMediaTypes().stream().anyMatch(Accepted::isArmored);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /**
     * Requires that the caller accepts an event stream: else 406, or 400 for a malformed header.
     */
    static void requireEvents(HttpHeaders headers) throws Refused {
        List<MediaType> accepted;
        try {
            accepted = headers.getAcceptableMediaTypes();
        } catch (IllegalArgumentException e) {
            throw Refused.outside(Problem.BAD_REQUEST);
        }
        if (accepted.stream()
                .noneMatch(type -> type.isCompatible(MediaType.SERVER_SENT_EVENTS_TYPE))) {
            throw Refused.outside(Problem.NOT_ACCEPTABLE);
        }
    }

    private static boolean isArmored(MediaType type) {
        return "application".equalsIgnoreCase(type.getType())
                && "age".equalsIgnoreCase(type.getSubtype())
                && "true".equalsIgnoreCase(type.getParameters().get("armor"));
    }
}
