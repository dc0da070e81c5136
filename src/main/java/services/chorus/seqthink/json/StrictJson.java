package services.chorus.seqthink.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Strict JSON. Rejects duplicate keys, encodings other than UTF-8, data after the document and
 * nesting deeper than {@value #MAX_DEPTH}: if two parsers read such a document differently, a
 * request could be checked as one thing and executed as another. Numbers keep all their digits.
 */
public final class StrictJson {

    public static final int MAX_DEPTH = 64;

    /** Limits the memory of a tree, which takes many times that of its text. */
    public static final int MAX_TOKENS = 100_000;

    private static final int IDLE_BUFFERS = 64;

    /** In bytes: from this length on, a string is read faster than Jackson does. */
    private static final int LONG_STRING = 8 * 1024;

    private static final StreamReadConstraints LIMITS =
            StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxTokenCount(MAX_TOKENS)
                    .build();

    private static final ObjectMapper MAPPER =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                                    .streamReadConstraints(LIMITS)
                                    // the default pool is per thread, and a virtual thread serves
                                    // only one request
                                    .recyclerPool(JsonRecyclerPools.newBoundedPool(IDLE_BUFFERS))
                                    .addDecorator((factory, plain) -> new LongStrings(plain))
                                    .build())
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                    .build();

    private StrictJson() {}

    /** Parses a document; empty when it is malformed. */
    public static Optional<JsonNode> parse(byte[] json) {
        return json.length < LONG_STRING
                ? parse(json, JsonNodeFactory.instance)
                : parse(json, LONG_STRING);
    }

    /**
     * @param longString in bytes, the shortest string that is not left to Jackson
     */
    static Optional<JsonNode> parse(byte[] json, int longString) {
        TakenStrings strings = TakenStrings.of(json, longString, LIMITS.getMaxStringLength());
        return parse(strings.rest(), strings.nodes());
    }

    private static Optional<JsonNode> parse(byte[] json, JsonNodeFactory nodes) {
        // a decoder that reports errors: Jackson itself would also detect UTF-16 and UTF-32
        try (Reader text =
                new InputStreamReader(new ByteArrayInputStream(json), UTF_8.newDecoder())) {
            return Optional.of(MAPPER.reader().with(nodes).readTree(text))
                    .filter(node -> !node.isMissingNode());
        } catch (IOException | NumberFormatException e) {
            // NumberFormatException: an exponent beyond an int, which Jackson does not check. Both
            // exceptions quote the input, so they are dropped.
            return Optional.empty();
        }
    }

    /** Parses an object; empty when it is malformed or not an object. */
    public static Optional<ObjectNode> parseObject(byte[] json) {
        return parse(json).filter(ObjectNode.class::isInstance).map(ObjectNode.class::cast);
    }

    /** Whether a node is an object with exactly these members. */
    public static boolean hasExactly(JsonNode node, Set<String> members) {
        Set<String> names = new HashSet<>();
        node.fieldNames().forEachRemaining(names::add);
        return node.isObject() && names.equals(members);
    }

    /** Writes a document without whitespace, in UTF-8. */
    public static byte[] write(JsonNode node) {
        return write(node, Integer.MAX_VALUE).orElseThrow();
    }

    /**
     * Writes a document as {@link #write(JsonNode)} does, and stops once it is too long.
     *
     * @return empty when it is longer than {@code mostBytes}
     */
    public static Optional<byte[]> write(JsonNode node, int mostBytes) {
        BoundedBytes bytes = new BoundedBytes(mostBytes);
        try {
            MAPPER.writeValue(bytes, node);
            return Optional.of(bytes.toByteArray());
        } catch (BoundedBytes.TooLongException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new IllegalStateException("A tree of JSON nodes cannot be written", e);
        }
    }

    public static String pretty(JsonNode node) {
        return node.toPrettyString();
    }

    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }
}
