package services.chorus.seqthink.policy;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import services.chorus.seqthink.json.NumericDate;
import services.chorus.seqthink.policy.Reason.Refusal;

/** The members of a token's header or payload, each of the type it must have or refused. */
record Claims(JsonNode object) {

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

    Optional<Instant> instant(String name) throws Refusal {
        JsonNode node = node(name);
        if (node.isMissingNode()) {
            return Optional.empty();
        }
        return Optional.of(NumericDate.read(node).orElseThrow(Reason.MALFORMED::refusal));
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
            throw Reason.MALFORMED.refusal();
        }
        return node.textValue();
    }
}
