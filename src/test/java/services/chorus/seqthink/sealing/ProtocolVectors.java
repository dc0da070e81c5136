package services.chorus.seqthink.sealing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.function.ThrowingConsumer;

/** The vectors of the sealed protocol, for clients in any language. */
public final class ProtocolVectors {

    public static final ObjectMapper JSON =
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    public static final String URL = "https://door.example";
    public static final long NOW = 1_900_000_000;

    private static final Path FOLDER = Path.of("docs", "vectors");

    private ProtocolVectors() {}

    public static JsonNode read(String name) throws IOException {
        return JSON.readTree(FOLDER.resolve(name).toFile());
    }

    public static void write(String name, ObjectNode file) throws IOException {
        Files.createDirectories(FOLDER);
        Files.writeString(FOLDER.resolve(name), JSON.writeValueAsString(file) + "\n");
    }

    public static Stream<DynamicTest> tests(JsonNode file, ThrowingConsumer<JsonNode> test) {
        return StreamSupport.stream(file.get("cases").spliterator(), false)
                .map(
                        vector ->
                                DynamicTest.dynamicTest(
                                        vector.get("name").textValue(), () -> test.accept(vector)));
    }

    /** The meaning of each letter for an event. */
    static String outcome(char letter) {
        return switch (letter) {
            case 'o' -> "open";
            case 't' -> "thought";
            case 'E' -> "end";
            case 'F' -> "foreign";
            default -> throw new IllegalArgumentException("No outcome: " + letter);
        };
    }
}
