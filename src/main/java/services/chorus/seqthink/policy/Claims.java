package services.chorus.seqthink.policy;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The members of a token's header or payload, each of the type it must have or refused. */
record Claims(JsonNode object) {

    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

    JsonNode node(String name) {
        return object.path(name);
    }

    Optional<String> text(String name) throws Refusal {
        JsonNode node = node(name);
        if (node.isMissingNode()) {
            return Optional.empty();
        }
        return Optional.of(text(node));
    }

    /** A NumericDate (RFC 7519 section 2), its fraction dropped. */
    Optional<Instant> instant(String name) throws Refusal {
        JsonNode node = node(name);
        if (node.isMissingNode()) {
            return Optional.empty();
        }
        double seconds = node.isNumber() ? node.doubleValue() : Double.NaN;
        if (!(seconds >= 0 && seconds <= LATEST.getEpochSecond())) {
            throw new Refusal(Reason.MALFORMED);
        }
        return Optional.of(Instant.ofEpochSecond((long) seconds));
    }

    /** A string or an array of strings, as {@code aud} may be; empty when it is missing. */
    List<String> oneOrMore(String name) throws Refusal {
        JsonNode node = node(name);
        if (node.isMissingNode()) {
            return List.of();
        }
        return node.isArray() ? texts(node) : List.of(text(node));
    }

    static List<String> texts(JsonNode array) throws Refusal {
        List<String> texts = new ArrayList<>();
        for (JsonNode element : array) {
            texts.add(text(element));
        }
        return texts;
    }

    private static String text(JsonNode node) throws Refusal {
        if (!node.isTextual()) {
            throw new Refusal(Reason.MALFORMED);
        }
        return node.textValue();
    }
}
