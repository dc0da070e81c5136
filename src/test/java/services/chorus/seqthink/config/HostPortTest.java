package services.chorus.seqthink.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostPortTest {

    @Test
    void readsHostAndPort() {
        assertThat(HostPort.parse("door.example"))
                .hasValue(new HostPort("door.example", OptionalInt.empty()));
        assertThat(HostPort.parse("Door.Example:8443"))
                .hasValue(new HostPort("door.example", OptionalInt.of(8443)));
        assertThat(HostPort.parse("[::1]:80")).hasValue(new HostPort("[::1]", OptionalInt.of(80)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":80",
                "door.example:",
                "door.example:65536",
                "door.example:8443:1",
                "user@door.example",
                "door.example/",
                "door example",
                " door.example",
                "door.example, evil.example",
                "::1",
                "[::1",
                "*",
                "dоor.example" // a Cyrillic letter
            })
    void rejectsMalformedText(String text) {
        assertThat(HostPort.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "door.example,door.example,true",
        "door.example,door.example:8443,true",
        "door.example:8443,door.example:8443,true",
        "door.example:8443,door.example,false",
        "door.example:8443,door.example:443,false",
        "localhost,localhost.evil.example,false",
        "localhost,evil-localhost,false",
        "door.example,door.example.,false",
        "door.example,www.door.example,false"
    })
    void coversItselfAlone(String own, String other, boolean covers) {
        assertThat(authority(own).covers(authority(other))).isEqualTo(covers);
    }

    private static HostPort authority(String text) {
        return HostPort.parse(text).orElseThrow();
    }
}
