package services.chorus.seqthink.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * JSON that means one thing only. Anything but UTF-8, a key that stands twice, anything after the
 * document and nesting deeper than {@value #MAX_DEPTH} are refused, since two readers that took
 * them differently would let a request pass as one thing and run as another. Numbers keep every
 * digit they came with.
 *
 * <p>Safe for use by several threads.
 */
public final class StrictJson {

    /** How deep arrays and objects may nest. */
    public static final int MAX_DEPTH = 64;

    /** How many tokens a document may have: a tree takes many times the memory of its text. */
    public static final int MAX_TOKENS = 100_000;

    private static final int IDLE_BUFFERS = 64;

    private static final ObjectMapper MAPPER =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNestingDepth(MAX_DEPTH)
                                                    .maxTokenCount(MAX_TOKENS)
                                                    .build())
                                    // the usual one keeps buffers by thread, and a virtual thread
                                    // serves one request only
                                    .recyclerPool(JsonRecyclerPools.newBoundedPool(IDLE_BUFFERS))
                                    .build())
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                    .build();

    private StrictJson() {}

    /** The one document that the bytes are; empty when they are anything else. */
    public static Optional<JsonNode> parse(byte[] json) {
        // a decoder that reports: Jackson by itself would also guess UTF-16 and UTF-32
        try (Reader text =
                new InputStreamReader(new ByteArrayInputStream(json), UTF_8.newDecoder())) {
            return Optional.of(MAPPER.readTree(text)).filter(node -> !node.isMissingNode());
        } catch (IOException | NumberFormatException e) {
            // NumberFormatException: an exponent beyond an int, which Jackson lets through. Either
            // one's message quotes what was read, so it goes no further.
            return Optional.empty();
        }
    }

    /** The one object that the bytes are; empty when they are anything else. */
    public static Optional<ObjectNode> parseObject(byte[] json) {
        return parse(json).filter(ObjectNode.class::isInstance).map(ObjectNode.class::cast);
    }

    /** Whether it is an object of these members and no other. */
    public static boolean hasExactly(JsonNode node, Set<String> members) {
        Set<String> names = new HashSet<>();
        node.fieldNames().forEachRemaining(names::add);
        return node.isObject() && names.equals(members);
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
}
