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
 * The configuration file as it was when it was read.
 *
 * @param path where it is, or would be: without one nothing is set
 * @param isReadable whether it is known what it sets
 * @param values what it sets, by property; nothing that has a fault
 * @param faults what is wrong with it; of one that is not readable, why
 */
record TomlFile(Path path, boolean isReadable, Map<String, String> values, List<Fault> faults) {

    static final Variable PATH =
            new Variable(
                    "CONFIG_PATH",
                    "cli.config-path",
                    "/srv/seqthink/seqthink.toml",
                    Form.path(),
                    "TOML file of settings, below every name here. Read where it is there; when"
                            + " this is set it must be.",
                    Optional.empty());

    private static final int MAX_BYTES = 1 << 20;

    private static final ObjectMapper MAPPER =
            TomlMapper.builder(
                            TomlFactory.builder()
                                    // so that a date can be told from a string
                                    .enable(TomlReadFeature.PARSE_JAVA_TIME)
                                    .build())
                    .build();

    /**
     * Reads it.
     *
     * @param named the value of {@link #PATH} where it is set; when it is blank, that has a fault
     *     of its own and nothing is read
     */
    static TomlFile read(Catalogue catalogue, Optional<String> named) {
        Path path = Path.of(named.orElse(PATH.defaultValue()));
        boolean none = named.map(String::isBlank).orElseGet(() -> Files.notExists(path));
        return none ? new TomlFile(path, true, Map.of(), List.of()) : read(catalogue, path);
    }

    /**
     * Where it sets a property, or something below it.
     *
     * @return such as {@code policy.rule #1 in seqthink.toml}; empty when it does not
     */
    Optional<String> place(String property) {
        boolean sets =
                values().keySet().stream()
                        .anyMatch(
                                set ->
                                        set.equals(property)
                                                || set.startsWith(property + ".")
                                                || set.startsWith(property + "["));
        return sets ? Optional.of(TomlTree.place(property, path)) : Optional.empty();
    }

    private static TomlFile read(Catalogue catalogue, Path path) {
        try (InputStream file = Files.newInputStream(path)) {
            byte[] bytes = file.readNBytes(MAX_BYTES + 1);
            return bytes.length > MAX_BYTES
                    ? unreadable(path, "names a file of more than a MiB", "shorten the file")
                    : parse(catalogue, path, bytes);
        } catch (NoSuchFileException e) {
            return unreadable(
                    path, "names a file that is not there", "create it or unset CONFIG_PATH");
        } catch (IOException e) {
            return unreadable(
                    path, "names what cannot be read", "set it to a file that this user may read");
        }
    }

    private static TomlFile parse(Catalogue catalogue, Path path, byte[] bytes) {
        try {
            String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            return TomlTree.read(catalogue, path, MAPPER.readTree(text));
        } catch (CharacterCodingException e) {
            return unreadable(path, "names a file that is not in UTF-8", "write it in UTF-8");
        } catch (JsonProcessingException e) {
            return unreadable(path, fault(path, e));
        } catch (DateTimeException e) {
            // a date that no calendar has, which the parser lets through; its message quotes it
            return unreadable(
                    path,
                    new Fault(path.toString(), "holds a date or time that is none", "correct it"));
        }
    }

    private static TomlFile unreadable(Path path, String problem, String fix) {
        return unreadable(path, PATH.fault(problem, fix));
    }

    private static TomlFile unreadable(Path path, Fault fault) {
        return new TomlFile(path, false, Map.of(), List.of(fault));
    }

    /** Without the parser's own words, which may quote the file. */
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
                ? new Fault(place, "says again what was said before", "keep one of them")
                : new Fault(place, "is not TOML", "correct what stands there or just before");
    }
}
