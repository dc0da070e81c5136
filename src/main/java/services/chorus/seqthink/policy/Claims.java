package services.chorus.seqthink.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import services.chorus.seqthink.json.NumericDate;

/**
 * The header or the claims of a JWT, each member of the type that the caller asks for.
 *
 * @param malformed creates the exception for a member that is missing or of another type
 */
public record Claims<E extends Exception>(ObjectNode object, Supplier<E> malformed) {

    public Optional<String> text(String name) throws E {
        JsonNode node = object.path(name);
        return node.isMissingNode() ? Optional.empty() : Optional.of(text(node));
    }

    public String requiredText(String name) throws E {
        return text(object.path(name));
    }

    /** A NumericDate (RFC 7519 section 2) in whole seconds. */
    public Optional<Instant> instant(String name) throws E {
        return object.has(name) ? Optional.of(requiredInstant(name)) : Optional.empty();
    }

    public Instant requiredInstant(String name) throws E {
        return NumericDate.read(object.path(name)).orElseThrow(malformed);
    }

    /** A string or an array of strings, as {@code aud} may be; empty when it is missing. */
    public List<String> texts(String name) throws E {
        JsonNode node = object.path(name);
        if (!node.isArray()) {
            return text(name).stream().toList();
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode element : node) {
            texts.add(text(element));
        }
        return texts;
    }

    private String text(JsonNode node) throws E {
        return Optional.ofNullable(node.textValue()).orElseThrow(malformed);
    }
}
