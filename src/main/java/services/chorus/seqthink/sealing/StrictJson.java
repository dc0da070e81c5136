package services.chorus.seqthink.sealing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Optional;

/**
 * JSON of which there is only one reading: a duplicate key or a second value is refused, since two
 * parsers that read it differently would let a request pass as one thing and run as another. Safe
 * for use by several threads.
 */
final class StrictJson {

    private final ObjectReader reader;
    private final ObjectWriter writer;

    StrictJson() {
        JsonMapper mapper =
                JsonMapper.builder()
                        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                        .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                        .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                        .build();
        this.reader = mapper.readerFor(JsonNode.class);
        this.writer = mapper.writer();
    }

    /** The object that the bytes are, or empty when they are anything else. */
    Optional<ObjectNode> object(byte[] bytes) {
        try {
            return reader.readValue(bytes) instanceof ObjectNode object
                    ? Optional.of(object)
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    byte[] bytes(ObjectNode object) {
        try {
            return writer.writeValueAsBytes(object);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A tree that does not serialise", e);
        }
    }
}
