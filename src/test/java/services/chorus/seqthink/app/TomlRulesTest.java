package services.chorus.seqthink.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import services.chorus.seqthink.cli.DoorFiles;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.policy.rules.AccessRequest;
import services.chorus.seqthink.policy.rules.Rules;
import services.chorus.seqthink.policy.rules.Rules.Decision;

/** The table of rules in the configuration file. */
class TomlRulesTest {

    private static final Decision ALLOWED = new Decision.Allowed();
    private static final Decision NOT_ALLOWED = new Decision.NotAllowed();

    @TempDir Path folder;
    Path file;
    Judged judged;

    @BeforeEach
    void startFromAGoodOne() throws IOException {
        Map<String, String> environment = DoorFiles.in(folder).environment();
        file = folder.resolve("seqthink.toml");
        environment.put("CONFIG_PATH", file.toString());
        judged = new Judged(environment);
    }

    @Test
    void areTheRulesOfTheGateway() throws IOException {
        write(
                """
                [policy]
                required-scope = "run"

                [[policy.rule]]
                method = "tools/list"

                [[policy.rule]]
                tool = "read"
                scopes = ["files.read", "a,b"]
                  [[policy.rule.when]]
                  pointer = "/path"
                  prefix = "/srv/${x}/"
                  [[policy.rule.when]]
                  pointer = "/lines"
                  least = 1
                  most = 1.5e2

                [[policy.rule]]
                tool = "*"
                scopes = []
                when = [{pointer = "/dry_run", equals = true}]
                """);
        Rules rules = Rules.from(judged.usable().rules());

        assertThat(rules.decide(AccessRequest.method("tools/list"), Set.of())).isEqualTo(ALLOWED);
        assertThat(rules.decide(AccessRequest.method("tools/other"), Set.of()))
                .isEqualTo(NOT_ALLOWED);
        String good = "{\"path\": \"/srv/${x}/a\", \"lines\": 150}";
        assertThat(decide(rules, "read", good, "files.read", "a,b")).isEqualTo(ALLOWED);
        assertThat(decide(rules, "read", good))
                .isEqualTo(new Decision.LacksScopes(Set.of("files.read", "a,b")));
        assertThat(decide(rules, "read", good.replace("150", "151"), "files.read", "a,b"))
                .isEqualTo(NOT_ALLOWED);
        assertThat(decide(rules, "write", "{\"dry_run\": true}")).isEqualTo(ALLOWED);
        assertThat(decide(rules, "write", "{\"dry_run\": \"true\"}")).isEqualTo(NOT_ALLOWED);
    }

    @Test
    void areValidInTheDocumentation() throws IOException {
        String document = Files.readString(Path.of("docs", "configuration.md"));
        String example =
                Pattern.compile("(?m)^ {4}\\[\\[policy\\.rule]]\n(?:(?: {4}.*)?\n)+")
                        .matcher(document)
                        .results()
                        .map(MatchResult::group)
                        .findFirst()
                        .orElseThrow();
        write(example);
        Rules rules = Rules.from(judged.usable().rules());

        assertThat(judged.usable().rules().rules()).hasSize(4);
        assertThat(decide(rules, "think", "{}")).isEqualTo(ALLOWED);
        assertThat(decide(rules, "read_file", "{\"path\": \"/srv/shared/a\"}", "files.read"))
                .isEqualTo(ALLOWED);
        assertThat(decide(rules, "write_file", "{\"dry_run\": true}", "dry-run"))
                .isEqualTo(ALLOWED);
        assertThat(decide(rules, "write_file", "{}", "dry-run")).isEqualTo(NOT_ALLOWED);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            value = {
                "5,5,true",
                "5,\"5\",false",
                "'5',\"5\",true",
                "'5',5,false",
                "true,true,true",
                "'true',true,false",
                "'',\"\",true",
                "' ',\" \",true",
                "' ',\"\",false",
                "0.10,0.1,true",
                "1e400,1e400,true",
                "0xff,255,true",
                "12345678901234567890123,12345678901234567890123,true",
                "'\\$x',\"\\\\$x\",true"
            })
    void compareTypesAndAllDigits(String toml, String json, boolean allowed) throws IOException {
        writeCondition("equals = " + toml);
        Rules rules = Rules.from(judged.usable().rules());

        assertThat(decide(rules, "read", "{\"x\": " + json + "}"))
                .isEqualTo(allowed ? ALLOWED : NOT_ALLOWED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nan", "inf", "1979-05-27", "[1]", "{a = 1}"})
    void compareNothingButScalars(String value) throws IOException {
        writeCondition("equals = " + value);

        assertSays(
                "policy.rule #1 when #1 equals in %s is not valid: set it to a string, a number or"
                        + " a boolean");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[policy.rule]\\ntool = 'a' | policy.rule | must be an array of tables: write"
                        + " [[policy.rule]]",
                "[[policy.rule]] | policy.rule #1 | is empty: write its keys, or remove it",
                "[[policy.rule]]\\ntools = 'a' | policy.rule #1 tools | is not a known key: write tool,"
                        + " or remove it",
                "[[policy.rule]]\\ntool = 'a'\\nscopes = 'x' | policy.rule #1 scopes | must be a list: write its value in [ ]",
                "[[policy.rule]]\\ntool = 'a'\\nscopes = ['x', 'y z'] | policy.rule #1 scopes #2 |"
                        + " is not valid: set it to OAuth scopes, without spaces or quotes",
                "[[policy.rule]]\\ntool = 'a'\\n[policy.rule.when]\\npointer = '/x' |"
                        + " policy.rule #1 when | must be an array of tables: write"
                        + " [[policy.rule.when]]",
                "[[policy.rule]]\\ntool = 'a'\\n[[policy.rule.when]]\\nequals = 1 |"
                        + " policy.rule #1 when #1 pointer | is missing: set it to a JSON"
                        + " pointer, such as /options/path",
                "[[policy.rule]]\\ntool = 'a'\\n[[policy.rule.when]]\\npointer = 'x'\\nequals = 1 |"
                        + " policy.rule #1 when #1 pointer | is not valid: set it to a JSON"
                        + " pointer, such as /options/path",
                "[[policy.rule]]\\ntool = 'a'\\n[[policy.rule.when]]\\npointer = '/x'\\nleast ="
                        + " 'ten' | policy.rule #1 when #1 least | is not valid: set it to a"
                        + " number",
                "[[policy.rule]]\\ntool = 'a'\\n[[policy.rule]]\\nscopes = ['x'] | policy.rule #2 |"
                        + " names no tool: set tool to a tool's name, or to * for any",
                "[[policy.rule]]\\ntool = 'a'\\n[[policy.rule.when]]\\npointer = '/x' |"
                        + " policy.rule #1 when #1 | needs exactly one of equals, prefix, and"
                        + " least or most: write one condition in each when"
            })
    void nameTheFileAndThePlaceOfAFault(String text, String place, String rest) throws IOException {
        write(text.replace("\\n", "\n"));

        assertSays(place + " in %s " + rest);
    }

    private void writeCondition(String line) throws IOException {
        write("[[policy.rule]]\ntool = 'read'\n[[policy.rule.when]]\npointer = '/x'\n" + line);
    }

    private void write(String text) throws IOException {
        Files.writeString(file, text);
    }

    private void assertSays(String line) {
        assertThat(judged.lines()).containsExactly(line.formatted(file));
    }

    private static Decision decide(Rules rules, String tool, String arguments, String... scopes) {
        return rules.decide(
                AccessRequest.call(tool, StrictJson.parse(arguments.getBytes(UTF_8)).orElseThrow()),
                Set.of(scopes));
    }
}
