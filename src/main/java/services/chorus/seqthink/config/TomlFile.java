package services.chorus.seqthink.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.toml.TomlFactory;
import com.fasterxml.jackson.dataformat.toml.TomlMapper;
import com.fasterxml.jackson.dataformat.toml.TomlReadFeature;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The content of the configuration file.
 *
 * @param path its path; an absent file sets nothing
 * @param isReadable whether the file could be read and parsed
 * @param values what it sets, by property, without the values that have a fault
 * @param faults what is wrong with it; if it is not readable, the reason
 */
record TomlFile(Path path, boolean isReadable, Map<String, String> values, List<Fault> faults) {

    static final Variable PATH =
            new Variable(
                    "CONFIG_PATH",
                    "cli.config-path",
                    "/srv/seqthink/seqthink.toml",
                    Form.path(),
                    "TOML file of settings. Every name in the environment outranks it. The default"
                            + " file may be absent; a file that is set here must exist.",
                    true,
                    Optional.empty());

    private static final int MAX_BYTES = 1 << 20;

    private static final ObjectMapper MAPPER =
            TomlMapper.builder(
                            TomlFactory.builder()
                                    // otherwise a date looks like a string
                                    .enable(TomlReadFeature.PARSE_JAVA_TIME)
                                    .build())
                    .build();

    /**
     * @param named the value of {@link #PATH} if it is set; a blank one is reported elsewhere, and
     *     nothing is read
     */
    static TomlFile read(Catalogue catalogue, Optional<String> named) {
        Path path = Path.of(named.orElse(PATH.defaultValue()));
        boolean none = named.map(String::isBlank).orElseGet(() -> Files.notExists(path));
        return none ? new TomlFile(path, true, Map.of(), List.of()) : read(catalogue, path);
    }

    /**
     * Where the file sets a property, something below it, or the entry of a table that has it.
     *
     * @return such as {@code policy.rule #1 in seqthink.toml}; empty when it sets neither
     */
    Optional<String> place(String property) {
        // a missing key belongs to its entry
        String entry = property.replaceAll("]\\.[^\\]]*$", "]");
        boolean sets =
                values.keySet().stream()
                        .anyMatch(
                                set ->
                                        set.equals(entry)
                                                || set.startsWith(entry + ".")
                                                || set.startsWith(entry + "["));
        return sets ? Optional.of(TomlTree.place(property, path)) : Optional.empty();
    }

    private static TomlFile read(Catalogue catalogue, Path path) {
        try (InputStream file = Files.newInputStream(path)) {
            byte[] bytes = file.readNBytes(MAX_BYTES + 1);
            return bytes.length > MAX_BYTES
                    ? unreadable(path, "is larger than 1 MiB", "shorten it")
                    : parse(catalogue, path, bytes);
        } catch (NoSuchFileException e) {
            return unreadable(
                    path, "does not exist", "create it, or correct CONFIG_PATH or --config");
        } catch (IOException e) {
            return unreadable(
                    path,
                    "cannot be read",
                    "make sure that it is a file and that the user of this process may read it");
        }
    }

    private static TomlFile parse(Catalogue catalogue, Path path, byte[] bytes) {
        try {
            String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            return TomlTree.read(catalogue, path, MAPPER.readTree(text));
        } catch (CharacterCodingException e) {
            return unreadable(path, "is not in UTF-8", "save it in UTF-8");
        } catch (JsonProcessingException e) {
            return unreadable(path, fault(path, e));
        } catch (DateTimeException e) {
            // such as 30 February, which the parser lets through; the message quotes it
            return unreadable(
                    path,
                    new Fault(
                            path.toString(),
                            "contains a date or time that does not exist",
                            "remove it, or put it in quotes"));
        }
    }

    private static TomlFile unreadable(Path path, String problem, String fix) {
        return unreadable(path, PATH.fault("names %s, which %s".formatted(path, problem), fix));
    }

    private static TomlFile unreadable(Path path, Fault fault) {
        return new TomlFile(path, false, Map.of(), List.of(fault));
    }

    /** Without the parser's message, which may quote the file. */
    private static Fault fault(Path path, JsonProcessingException thrown) {
        JsonLocation at = thrown.getLocation();
        String place =
                at == null
                        ? path.toString()
                        : "%s line %d column %d".formatted(path, at.getLineNr(), at.getColumnNr());
        boolean twice =
                Stream.of("Duplicate key", "Table redefined", "Path into existing")
                        .anyMatch(thrown.getOriginalMessage()::startsWith);
        return twice
                ? new Fault(place, "repeats a key or a section", "keep one of the two")
                : new Fault(
                        place,
                        "is not valid TOML",
                        "correct this line or the one before; text needs quotes");
    }
}
