package services.chorus.seqthink.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Optional;

/** Seconds since 1970 as a JSON number (RFC 7519 section 2). */
public final class NumericDate {

    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

    private NumericDate() {}

    /** The date without its fraction; empty when malformed or not in the years 1970 to 9999. */
    public static Optional<Instant> read(JsonNode date) {
        double seconds = date.isNumber() ? date.doubleValue() : Double.NaN;
        return seconds >= 0 && seconds <= LATEST.getEpochSecond()
                ? Optional.of(Instant.ofEpochSecond((long) seconds))
                : Optional.empty();
    }
}
