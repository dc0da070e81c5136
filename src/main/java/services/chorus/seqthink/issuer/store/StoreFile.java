package services.chorus.seqthink.issuer.store;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import services.chorus.seqthink.files.AtomicFile;

/** One JSON document in one {@link AtomicFile}, and as safe for use by several threads as that. */
public final class StoreFile<T> {

    private static final Set<PosixFilePermission> NOT_THE_OWNERS =
            Set.of(
                    PosixFilePermission.GROUP_READ,
                    PosixFilePermission.GROUP_WRITE,
                    PosixFilePermission.OTHERS_READ,
                    PosixFilePermission.OTHERS_WRITE);

    private final ObjectMapper json =
            JsonMapper.builder()
                    .addModules(new JavaTimeModule(), new Jdk8Module())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                    .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .defaultPropertyInclusion(
                            JsonInclude.Value.construct(
                                    JsonInclude.Include.NON_ABSENT, JsonInclude.Include.ALWAYS))
                    .build();
    private final AtomicFile file;
    private final Path path;
    private final Class<T> type;

    public StoreFile(Path path, Class<T> type) {
        this.file = new AtomicFile(path);
        this.path = file.path();
        this.type = type;
    }

    /**
     * What the file holds; empty when there is no file.
     *
     * @throws StoreException when it cannot be read or is broken
     */
    public Optional<T> read() {
        return bytes().map(this::parse);
    }

    public Optional<byte[]> bytes() {
        try {
            return file.read();
        } catch (IOException e) {
            throw StoreException.unreadable(path);
        }
    }

    /** Reads the document and wipes the bytes. */
    public T parse(byte[] bytes) {
        try {
            T document = json.readValue(bytes, type);
            if (document == null) {
                throw StoreException.broken(path, "empty");
            }
            return document;
        } catch (JsonProcessingException e) {
            // the parser's own message can repeat what the file holds
            throw StoreException.broken(path, place(e.getLocation()));
        } catch (IOException e) {
            throw StoreException.unreadable(path);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    /**
     * Puts what {@code change} makes of the present document in its place, under the lock.
     *
     * @throws StoreException when the present document is broken (it stays), or nothing can be
     *     written
     */
    public T update(Function<Optional<T>, T> change) {
        try {
            return file.update(
                    draft -> {
                        T document = change.apply(read());
                        replace(draft, json.writeValueAsBytes(document));
                        return document;
                    });
        } catch (IOException e) {
            throw StoreException.unwritable(path);
        }
    }

    public StoreException broken(String why) {
        return StoreException.broken(path, why);
    }

    public StoreException gone() {
        return StoreException.gone(path);
    }

    /** What an operator should hear about the file, though it can be used. */
    public List<String> warnings() {
        try {
            return Collections.disjoint(Files.getPosixFilePermissions(path), NOT_THE_OWNERS)
                    ? List.of()
                    : List.of(path + " is open to others than its owner: chmod 600 it");
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw StoreException.unreadable(path);
        }
    }

    private static void replace(AtomicFile.Draft draft, byte[] bytes) throws IOException {
        try {
            draft.replace(bytes);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    private static String place(JsonLocation location) {
        return location == null ? "no JSON" : "line " + location.getLineNr();
    }
}
