package services.chorus.seqthink.testing;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The audit log of a gateway under test. */
public final class AuditRecords {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path path;

    public AuditRecords(Path path) {
        this.path = path;
    }

    /** The log's files in order. */
    public List<Path> files() {
        String name = path.getFileName() + ".";
        try (Stream<Path> beside = Files.list(path.toAbsolutePath().getParent())) {
            return beside.filter(file -> file.getFileName().toString().startsWith(name))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The text of all files of the log. */
    public String text() {
        StringBuilder text = new StringBuilder();
        for (Path file : files()) {
            try {
                text.append(Files.readString(file));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return text.toString();
    }

    /** The complete records of requests so far. */
    public List<JsonNode> decisions() {
        String text = text();
        return text.substring(0, text.lastIndexOf('\n') + 1)
                .lines()
                .map(AuditRecords::json)
                .filter(record -> record.get("kind").textValue().equals("decision"))
                .toList();
    }

    /** Waits until {@code count} records follow the first ones, and returns those after them. */
    public List<JsonNode> after(int first, int count) {
        await().until(() -> decisions().size() >= first + count);
        return decisions().subList(first, decisions().size());
    }

    private static JsonNode json(String line) {
        try {
            return JSON.readTree(line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
