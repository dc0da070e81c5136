package services.chorus.seqthink.app;

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
import java.util.stream.Stream;
import services.chorus.seqthink.config.Fault;

/** Reads a file of TOML; every step that can fail has a fault of its own. */
final class TomlReader {

    private static final int MOST_BYTES = 1 << 20;

    private static final ObjectMapper MAPPER =
            TomlMapper.builder(
                            TomlFactory.builder()
                                    // so that a date can be told from a string
                                    .enable(TomlReadFeature.PARSE_JAVA_TIME)
                                    .build())
                    .build();

    private TomlReader() {}

    static TomlFile read(Path path) {
        try (InputStream file = Files.newInputStream(path)) {
            byte[] bytes = file.readNBytes(MOST_BYTES + 1);
            return bytes.length > MOST_BYTES
                    ? unreadable("names a file of more than a MiB", "shorten the file")
                    : parse(path, bytes);
        } catch (NoSuchFileException e) {
            return unreadable("names a file that is not there", "create it or unset CONFIG_PATH");
        } catch (IOException e) {
            return unreadable(
                    "names what cannot be read", "set it to a file that this user may read");
        }
    }

    private static TomlFile parse(Path path, byte[] bytes) {
        try {
            String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            return TomlProperties.of(path, MAPPER.readTree(text)).file();
        } catch (CharacterCodingException e) {
            return unreadable("names a file that is not in UTF-8", "write it in UTF-8");
        } catch (JsonProcessingException e) {
            return new TomlFile.Unreadable(fault(path, e));
        } catch (DateTimeException e) {
            // a date that no calendar has, which the parser lets through; its message quotes it
            return new TomlFile.Unreadable(
                    new Fault(path.toString(), "holds a date or time that is none", "correct it"));
        }
    }

    private static TomlFile unreadable(String problem, String fix) {
        return new TomlFile.Unreadable(new Fault(TomlFile.PATH.name(), problem, fix));
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
