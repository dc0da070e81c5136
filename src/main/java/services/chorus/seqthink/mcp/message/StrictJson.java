package services.chorus.seqthink.mcp.message;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;

/**
 * JSON that means one thing only: duplicate keys, anything after the document and nesting deeper
 * than {@value #MAX_DEPTH} are refused, and numbers keep every digit they came with.
 *
 * <p>Safe for use by several threads.
 */
public final class StrictJson {

    /** How deep arrays and objects may nest. */
    public static final int MAX_DEPTH = 64;

    private static final ObjectMapper MAPPER =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNestingDepth(MAX_DEPTH)
                                                    .build())
                                    .build())
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                    .build();

    private StrictJson() {}

    /**
     * Reads one document, in UTF-8.
     *
     * @throws MalformedMessageException with {@link ErrorCode#PARSE_ERROR}
     */
    public static JsonNode parse(byte[] json) {
        try {
            JsonNode node = MAPPER.readTree(json);
            if (node.isMissingNode()) {
                throw notJson();
            }
            return node;
        } catch (IOException e) {
            throw notJson();
        }
    }

    /** Writes a document without white space, in UTF-8. */
    public static byte[] write(JsonNode node) {
        try {
            return MAPPER.writeValueAsBytes(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A tree of JSON nodes cannot be written", e);
        }
    }

    /** Writes a document for people to read, with line breaks and indents. */
    public static String pretty(JsonNode node) {
        return node.toPrettyString();
    }

    /** A new, empty object. */
    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    // The parser's own exception quotes what it read, so it goes no further.
    private static MalformedMessageException notJson() {
        return new MalformedMessageException(
                ErrorCode.PARSE_ERROR, "The message is not one well-formed JSON document");
    }
}
