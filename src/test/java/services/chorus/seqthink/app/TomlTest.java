package services.chorus.seqthink.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import services.chorus.seqthink.cli.DoorFiles;
import services.chorus.seqthink.config.Settings;
import services.chorus.seqthink.config.Sources;
import services.chorus.seqthink.mcp.McpConfig;
import services.chorus.seqthink.policy.IssuerSettings;

/** The configuration file: what it may contain, its faults, and its precedence. */
class TomlTest {

    @TempDir Path folder;
    Path file;
    Map<String, String> environment;
    Judged judged;

    @BeforeEach
    void startFromAGoodOne() throws IOException {
        environment = DoorFiles.in(folder).environment();
        file = folder.resolve("seqthink.toml");
        environment.put("CONFIG_PATH", file.toString());
        judged = new Judged(environment);
    }

    @Test
    void configuresAWholeGateway() throws IOException {
        write(
                """
                [gateway]
                public-url = "https://other.example"
                max_body_mb = 7
                insecure-dev = false

                [sealing]
                identities = "%s"

                [policy]
                issuers = ["https://a.example", "https://b.example"]
                audiences = ["one", "two"]
                jwks-urls = ["https://a.example/jwks", "https://b.example/jwks"]

                [mcp]
                timeout = "7s"
                """
                        .formatted(environment.get("AGE_IDENT_PATH")));
        environment.keySet().retainAll(List.of("CONFIG_PATH"));

        Configuration.Usable usable = judged.usable();

        assertThat(usable.gateway().publicUrl()).hasValue(URI.create("https://other.example"));
        assertThat(usable.gateway().maxBodyMb()).isEqualTo(7);
        assertThat(usable.gateway().insecureDev()).isFalse();
        assertThat(usable.policy().issuers())
                .hasValue(List.of("https://a.example", "https://b.example"));
        assertThat(usable.policy().audiences()).hasValue(List.of("one", "two"));
        assertThat(usable.mcp().timeout()).isEqualTo(Duration.ofSeconds(7));
    }

    @Test
    void rejectsItsOwnPath() throws IOException {
        assertSays("[cli]\nconfig-path = 'x'", "cli in %s is not a known key: remove it");
    }

    @Test
    void isOutrankedBySectionedNamesThenFlatNamesThenProperties() throws IOException {
        write("[mcp]\ntimeout = '6s'\n[gateway]\nport = 6000");
        assertThat(timeout(Map.of())).isEqualTo(Duration.ofSeconds(6));
        environment.put("SEQTHINK_MCP_TIMEOUT", "7s");
        assertThat(timeout(Map.of())).isEqualTo(Duration.ofSeconds(7));
        environment.put("MCP_TIMEOUT", "8s");
        assertThat(timeout(Map.of())).isEqualTo(Duration.ofSeconds(8));
        assertThat(timeout(Map.of("seqthink.mcp.timeout", "9s"))).isEqualTo(Duration.ofSeconds(9));
    }

    @Test
    void isReadOnce() throws IOException {
        write("[mcp]\ntimeout = '6s'\n[[policy.rule]]\ntool = 'write'\nscopes = ['admin']");
        Settings settings = Configuration.read(new Sources(environment, Map.of()));

        write("[gateway]\ninsecure-dev = true");
        assertThat(settings.unreadable()).isEmpty();
        var usable = new Configuration.Usable(settings.config());
        assertThat(usable.mcp().timeout()).isEqualTo(Duration.ofSeconds(6));
        assertThat(usable.gateway().insecureDev()).isFalse();
        assertThat(usable.rules().rules()).hasSize(1);

        Files.delete(file);
        assertThat(settings.section(McpConfig.class).timeout()).isEqualTo(Duration.ofSeconds(6));
    }

    @Test
    void isOutrankedByPort() throws IOException {
        write("[gateway]\nport = 6000");
        assertThat(usable(Map.of()).gateway().port()).isEqualTo(6000);
        Map<String, String> property = Map.of("seqthink.gateway.port", "9000");
        assertThat(usable(property).gateway().port()).isEqualTo(9000);
        environment.put("PORT", "7000");
        assertThat(usable(property).gateway().port()).isEqualTo(7000);
    }

    @Test
    void mayHaveATableOfIssuersAndNamesThePlaceOfItsFaults() throws IOException {
        List.of("KACHING_JWKS_URL", "JWT_ISSUER", "JWT_AUDIENCE").forEach(environment::remove);
        String issuer =
                """
                [[policy.issuer]]
                name = "https://a.example"
                audience = "door"
                jwks-url = "https://a.example/jwks"
                algorithms = ["ES256", "EdDSA"]
                """;
        write(issuer);
        assertThat(IssuerSettings.names(judged.usable().policy()))
                .containsExactly("https://a.example");

        write(issuer + issuer.replace("ES256", "none"));
        assertThat(judged.lines())
                .hasSize(2)
                .allMatch(line -> line.contains(" in " + file + " "))
                .anyMatch(line -> line.startsWith("policy.issuer #2 name"))
                .anyMatch(line -> line.startsWith("policy.issuer #2 algorithms"));
    }

    @Test
    void namesTheEntryInTheFileThatLacksAKey() throws IOException {
        assertSays(
                "[[policy.issuer]]\nname = 'https://a.example'\naudience = 'door'",
                "policy.issuer #1 jwks-url in %s is missing: set it to an https URL; http is for"
                        + " loopback only");
    }

    @Test
    void isFoundByEveryNameOfItsPath() throws IOException {
        write("[mcp]\ntimeout = '6s'");
        environment.remove("CONFIG_PATH");
        assertThat(timeout(Map.of())).isEqualTo(Duration.ofMinutes(2));
        assertThat(timeout(Map.of("seqthink.cli.config-path", file.toString())))
                .isEqualTo(Duration.ofSeconds(6));
        environment.put("SEQTHINK_CLI_CONFIG_PATH", file.toString());
        assertThat(timeout(Map.of())).isEqualTo(Duration.ofSeconds(6));
    }

    @Test
    void isNotExpanded() throws IOException {
        environment.remove("JWT_AUDIENCE");
        write("[policy]\naudiences = '${PORT:one}$two\\$${three}$'");

        assertThat(judged.usable().policy().audiences())
                .hasValue(List.of("${PORT:one}$two$${three}$"));
    }

    @Test
    void mustExistWhenItIsNamed() {
        assertThat(judged.lines())
                .containsExactly(
                        "CONFIG_PATH names %s, which does not exist: create it, or correct CONFIG_PATH or --config"
                                .formatted(file));
    }

    @Test
    void mustBeAFileInUtf8OfAModestSize() throws IOException {
        Files.write(file, "a = 'é'".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(judged.lines())
                .containsExactly(
                        "CONFIG_PATH names %s, which is not in UTF-8: save it in UTF-8"
                                .formatted(file));
        Files.writeString(file, "#".repeat((1 << 20) + 1));
        assertThat(judged.lines())
                .containsExactly(
                        "CONFIG_PATH names %s, which is larger than 1 MiB: shorten it"
                                .formatted(file));
        environment.put("CONFIG_PATH", folder.toString());
        assertThat(judged.lines())
                .containsExactly(
                        "CONFIG_PATH names %s, which cannot be read: make sure that it is a file and that the user of this process may read it"
                                .formatted(folder));
    }

    @Test
    void rejectsAnEmptyListOfAlgorithms() throws IOException {
        write(
                """
                [[policy.issuer]]
                name = "https://other.example"
                audience = "door"
                jwks-url = "https://other.example/jwks"
                algorithms = []
                """);

        assertThat(judged.lines())
                .containsExactly(
                        "policy.issuer #1 algorithms in "
                                + file
                                + " is empty: set it to the names of algorithms, or remove it");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a = 2024-13-45", "a = 07:61:00", "a = 2024-02-30T00:00:00Z"})
    void withAnInvalidDateHasOneFaultThatDoesNotQuoteIt(String text) throws IOException {
        write(text);

        assertThat(judged.lines())
                .containsExactly(
                        file
                                + " contains a date or time that does not exist: remove it, or put it in quotes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a = ", "[mcp\ntimeout = '7s'", "hunter2", "a = hunter2", "a = [1"})
    void withInvalidTomlHasOneFaultThatDoesNotQuoteIt(String text) throws IOException {
        environment.remove("PUBLIC_URL");
        write(text);

        assertThat(judged.lines())
                .singleElement()
                .asString()
                .startsWith(file + " line ")
                .contains(" is not valid TOML: ")
                .doesNotContain("hunter2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[mcp]\ntimeout = '7s'\ntimeout = '8s'",
                "[mcp]\ntimeout = '7s'\n[mcp]\nlocal = 'x'",
                "mcp = {timeout = '7s'}\n[mcp]\nlocal = 'x'",
                "mcp.timeout = '7s'\nmcp.timeout.more = 1"
            })
    void rejectsRepeatedKeysAndSections(String text) throws IOException {
        write(text);

        assertThat(judged.lines())
                .singleElement()
                .asString()
                .startsWith(file + " line ")
                .endsWith(" repeats a key or a section: keep one of the two");
    }

    @Test
    void rejectsAKeyInTwoSpellings() throws IOException {
        assertSays(
                "[gateway]\nmax-body-mb = 1\nmax_body_mb = 2",
                "gateway.max-body-mb in %s is set twice, with a hyphen and with an underscore: keep one of the two");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    [mcp]\\ntimout = '7s' | mcp.timout | write mcp.timeout, or remove it
                    [pcm]\\ntimeout = '7s' | pcm | remove it
                    [mcp.watch]\\nx = 1 | mcp.watch | remove it
                    MCP_TIMEOUT = '7s' | MCP_TIMEOUT | write mcp.timeout, or remove it
                    """)
    void suggestsAKeyForAnUnknownOne(String text, String key, String fix) throws IOException {
        write(text.replace("\\n", "\n"));

        assertThat(judged.lines())
                .containsExactly("%s in %s is not a known key: %s".formatted(key, file, fix));
    }

    @Test
    void rejectsAQuotedKeyWithADot() throws IOException {
        assertSays(
                "'mcp.timeout' = '7s'",
                "mcp.timeout in %s is written in quotes: write it without them");
    }

    @Test
    void rejectsAValueInPlaceOfASection() throws IOException {
        assertSays("mcp = 7", "mcp in %s must be a section: write [mcp] and its keys below it");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{x = 1}", "nan", "inf", "1979-05-27", "['https://a.example', {x = 1}]"})
    void rejectsAValueOfAnotherType(String value) throws IOException {
        environment.remove("PUBLIC_URL");
        write("[gateway]\npublic-url = " + value);

        assertThat(judged.lines())
                .contains(
                        "gateway.public-url in %s is not valid: set it to an http or https URL"
                                        .formatted(file)
                                + " without query or fragment");
    }

    @Test
    void rejectsAnElementWithAComma() throws IOException {
        environment.remove("JWT_AUDIENCE");
        write("[policy]\naudiences = ['one,two']");

        assertThat(judged.lines()).anyMatch(line -> line.startsWith("policy.audiences in " + file));
    }

    @ParameterizedTest
    @ValueSource(strings = {"'soon'", "7", "7.5", "''", "[]", "true"})
    void namesTheFileAndTheKeyOfAnInvalidValue(String value) throws IOException {
        write("[mcp]\ntimeout = " + value);

        assertThat(judged.lines())
                .singleElement()
                .asString()
                .startsWith("MCP_TIMEOUT (mcp.timeout in %s) is ".formatted(file));
    }

    @Test
    void namesTheFileAndTheKeyOfAContradiction() throws IOException {
        environment.remove("AGE_IDENT_PATH");
        write("[sealing]\nidentities = '/nowhere/door.key'");

        assertThat(judged.lines())
                .singleElement()
                .asString()
                .startsWith(
                        "AGE_IDENT_PATH (sealing.identities in %s) names a file that does not exist"
                                .formatted(file));
    }

    @Test
    void isNotNamedWhenAnotherSourceSetsTheValue() throws IOException {
        write("[mcp]\ntimeout = '7s'");
        environment.put("MCP_TIMEOUT", "soon");

        assertThat(judged.lines()).singleElement().asString().startsWith("MCP_TIMEOUT is not");
    }

    private void assertSays(String text, String line) throws IOException {
        write(text);
        assertThat(judged.lines()).containsExactly(line.formatted(file));
    }

    private Duration timeout(Map<String, String> properties) {
        return usable(properties).mcp().timeout();
    }

    private Configuration.Usable usable(Map<String, String> properties) {
        return (Configuration.Usable)
                Configuration.of(new Sources(new HashMap<>(environment), properties));
    }

    private void write(String text) throws IOException {
        Files.writeString(file, text);
    }
}
