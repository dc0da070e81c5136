package services.chorus.seqthink.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FormTest {

    private static final Form DURATION =
            Form.duration(Duration.ofMillis(100), Duration.ofHours(24));

    @Test
    void acceptsOnlyTrueAndFalseAsAFlag() {
        assertThat(Form.flag().accepts("true")).isTrue();
        assertThat(Form.flag().accepts("false")).isTrue();
        for (String other : new String[] {"TRUE", "yes", "1", "", " true"}) {
            assertThat(Form.flag().accepts(other)).as(other).isFalse();
        }
    }

    @Test
    void acceptsAListOfKnownWords() {
        Form roles = Form.listOf("door", "issuer");

        assertThat(roles.accepts("door")).isTrue();
        assertThat(roles.accepts("issuer, door")).isTrue();
        for (String other : new String[] {"", "door,", ",door", "door issuer", "door,window"}) {
            assertThat(roles.accepts(other)).as(other).isFalse();
        }
    }

    @Test
    void acceptsWholeNumbersWithinTheBounds() {
        Form number = Form.number(1, 1024, "MiB");

        assertThat(number.accepts("1")).isTrue();
        assertThat(number.accepts("1024")).isTrue();
        for (String other :
                new String[] {"0", "1025", "-1", "+1", "1.0", "1e2", " 1", "9".repeat(40), ""}) {
            assertThat(number.accepts(other)).as(other).isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource({"500ms,PT0.5S", "120s,PT2M", "15m,PT15M", "24h,PT24H", "0s,PT0S"})
    void readsDurations(String text, Duration duration) {
        assertThat(Form.parseDuration(text)).isEqualTo(duration);
    }

    @Test
    void readsDaysOf24Hours() {
        assertThat(Form.parseDuration("7d")).isEqualTo(Duration.ofHours(168));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "s", "5 s", "-5s", "5S", "1.5s", "PT5S", "1234567890s"})
    void rejectsMalformedDurations(String text) {
        assertThat(DURATION.accepts(text)).isFalse();
        assertThatThrownBy(() -> Form.parseDuration(text))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void acceptsDurationsWithinTheBounds() {
        assertThat(DURATION.accepts("100ms")).isTrue();
        assertThat(DURATION.accepts("1d")).isTrue();
        assertThat(DURATION.accepts("99ms")).isFalse();
        assertThat(DURATION.accepts("86401s")).isFalse();
        assertThat(DURATION.wants()).endsWith("from 100ms to 1d");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1:8000",
                "https://door.example",
                "https://door.example/base/",
                "https://[::1]:65535"
            })
    void acceptsUrls(String text) {
        assertThat(Form.url().accepts(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "door.example",
                "//door.example",
                "ftp://door.example",
                "https:door.example",
                "https://",
                "https://user@door.example",
                "https://door.example?a=b",
                "https://door.example#a",
                "https://door.example:65536",
                "https://door .example"
            })
    void rejectsMalformedUrls(String text) {
        assertThat(Form.url().accepts(text)).isFalse();
    }

    @Test
    void acceptsAListWithoutEmptyTexts() {
        assertThat(Form.texts("names").accepts("one")).isTrue();
        assertThat(Form.texts("names").accepts("one, two")).isTrue();
        for (String other : new String[] {"one,", ",one", "one, ,two", ","}) {
            assertThat(Form.texts("names").accepts(other)).as(other).isFalse();
        }
    }

    @Test
    void acceptsAListOnlyWhenEachElementIsAUrl() {
        assertThat(Form.endpoints().accepts("https://a.example/jwks, https://b.example/jwks"))
                .isTrue();
        assertThat(
                        Form.endpoints()
                                .accepts("https://a.example/keys?p=b2c_1, https://b.example/jwks"))
                .isTrue();
        assertThat(Form.endpoints().accepts("https://a.example/jwks,")).isFalse();
        assertThat(Form.endpoints().accepts("https://a.example/jwks,b")).isFalse();
    }

    @Test
    void acceptsHostsWithAndWithoutPorts() {
        Form hosts = Form.hosts();

        assertThat(hosts.accepts("door.example, door.example:8443,[::1]")).isTrue();
        for (String other :
                new String[] {"", "door.example,", "https://door.example", "*.example", "a b"}) {
            assertThat(hosts.accepts(other)).as(other).isFalse();
        }
    }

    @Test
    void acceptsOriginsAsBrowsersWriteThem() {
        Form origins = Form.origins();

        assertThat(origins.accepts("https://app.example, http://localhost:3000")).isTrue();
        for (String other :
                new String[] {
                    "",
                    "*",
                    "null",
                    "app.example",
                    "ftp://app.example",
                    "https://app.example/",
                    "https://App.example",
                    "https://app.example:443",
                    "http://app.example:80",
                    "https://*.example",
                    "https://user@app.example"
                }) {
            assertThat(origins.accepts(other)).as(other).isFalse();
        }
    }
}
