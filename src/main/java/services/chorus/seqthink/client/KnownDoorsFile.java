package services.chorus.seqthink.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import services.chorus.seqthink.age.AgeException;
import services.chorus.seqthink.age.KeyRecipient;
import services.chorus.seqthink.files.AtomicFile;
import services.chorus.seqthink.json.StrictJson;

/** Known doors by their URLs, as one JSON object in a file. */
final class KnownDoorsFile {

    private static final FileAttribute<?> FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private final AtomicFile file;

    KnownDoorsFile(Path path) {
        this.file = new AtomicFile(path);
    }

    /** The doors; none when there is no file. The map is the caller's. */
    Map<String, KnownDoor> read() throws IOException {
        Optional<byte[]> content = file.read();
        return content.isPresent() ? parse(content.get()) : new TreeMap<>();
    }

    /** Lets the doors be changed, and writes them down when they were. */
    <T> T update(Function<Map<String, KnownDoor>, T> change) throws IOException {
        Files.createDirectories(file.path().getParent(), FOLDER);
        return file.update(
                draft -> {
                    Map<String, KnownDoor> before = read();
                    Map<String, KnownDoor> doors = new TreeMap<>(before);
                    T outcome = change.apply(doors);
                    if (!doors.equals(before)) {
                        draft.replace((StrictJson.pretty(json(doors)) + "\n").getBytes(UTF_8));
                    }
                    return outcome;
                });
    }

    /** The path. */
    @Override
    public String toString() {
        return file.path().toString();
    }

    private Map<String, KnownDoor> parse(byte[] content) throws IOException {
        ObjectNode doors = StrictJson.parseObject(content).orElseThrow(this::broken);
        Map<String, KnownDoor> known = new TreeMap<>();
        for (Map.Entry<String, JsonNode> door : doors.properties()) {
            known.put(door.getKey(), door(door.getValue()));
        }
        return known;
    }

    private KnownDoor door(JsonNode door) throws IOException {
        JsonNode fingerprint = door.path("fingerprint");
        JsonNode version = door.path("version");
        JsonNode until = door.path("until");
        if (!fingerprint.isTextual()
                || !isWhole(version)
                || !isWhole(until)
                || !(door.path("recipients") instanceof ArrayNode keys)
                || keys.isEmpty()) {
            throw broken();
        }
        List<KeyRecipient> recipients = new ArrayList<>();
        for (JsonNode key : keys) {
            recipients.add(recipient(key));
        }
        return new KnownDoor(
                fingerprint.textValue(),
                version.longValue(),
                recipients,
                Instant.ofEpochSecond(until.longValue()));
    }

    private KeyRecipient recipient(JsonNode key) throws IOException {
        try {
            return KeyRecipient.parse(key.asText());
        } catch (AgeException e) {
            throw broken();
        }
    }

    private static boolean isWhole(JsonNode number) {
        return number.isInt() || number.isLong();
    }

    private static ObjectNode json(Map<String, KnownDoor> doors) {
        ObjectNode json = StrictJson.object();
        doors.forEach(
                (url, door) -> {
                    ObjectNode members =
                            json.putObject(url)
                                    .put("fingerprint", door.fingerprint())
                                    .put("version", door.version())
                                    .put("until", door.until().getEpochSecond());
                    ArrayNode keys = members.putArray("recipients");
                    door.recipients().forEach(key -> keys.add(key.toString()));
                });
        return json;
    }

    private IOException broken() {
        return new IOException(
                "%s is broken: repair it, or remove it and get to know its doors again"
                        .formatted(file.path()));
    }
}
