package services.chorus.seqthink.sealing;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import services.chorus.seqthink.age.AgeException;
import services.chorus.seqthink.age.KeyRecipient;
import services.chorus.seqthink.json.StrictJson;

/**
 * Known doors by their URLs, as one JSON object in a file of mode 0600. A write replaces the whole
 * file or leaves the old one; changes are one after the other, among processes too, by a lock on a
 * file beside it ({@code .lock}).
 */
final class KnownDoorsFile {

    private final Path path;

    KnownDoorsFile(Path path) {
        this.path = path.toAbsolutePath();
    }

    /** The doors; none when there is no file. The map is the caller's. */
    Map<String, KnownDoor> read() throws IOException {
        try {
            return parse(Files.readAllBytes(path));
        } catch (NoSuchFileException e) {
            return new TreeMap<>();
        }
    }

    /** Lets the doors be changed, and writes them down when they were. */
    synchronized <T> T update(Function<Map<String, KnownDoor>, T> change) throws IOException {
        Files.createDirectories(path.getParent(), mode("rwx------"));
        try (FileChannel lock =
                        FileChannel.open(beside(".lock"), Set.of(CREATE, WRITE), ownersOnly());
                var _ = lock.lock()) {
            Map<String, KnownDoor> before = read();
            Map<String, KnownDoor> doors = new TreeMap<>(before);
            T outcome = change.apply(doors);
            if (!doors.equals(before)) {
                replace(StrictJson.pretty(json(doors)) + "\n");
            }
            return outcome;
        }
    }

    /** The path. */
    @Override
    public String toString() {
        return path.toString();
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

    private void replace(String content) throws IOException {
        Path temporary = beside(".tmp");
        // under the lock, one that is there was left by a crash
        Files.deleteIfExists(temporary);
        try (FileChannel out =
                FileChannel.open(temporary, Set.of(CREATE_NEW, WRITE), ownersOnly())) {
            ByteBuffer rest = StandardCharsets.UTF_8.encode(content);
            while (rest.hasRemaining()) {
                out.write(rest);
            }
            out.force(true);
        }
        Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel folder = FileChannel.open(path.getParent(), READ)) {
            folder.force(true);
        }
    }

    private IOException broken() {
        return new IOException(
                "%s is broken: repair it, or remove it and get to know its doors again"
                        .formatted(path));
    }

    private Path beside(String suffix) {
        return path.resolveSibling(path.getFileName() + suffix);
    }

    private static FileAttribute<?> ownersOnly() {
        return mode("rw-------");
    }

    private static FileAttribute<?> mode(String permissions) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
    }
}
