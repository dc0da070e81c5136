package services.chorus.seqthink;

import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;
import services.chorus.seqthink.testing.AgeKey;
import services.chorus.seqthink.testing.Canaries;
import services.chorus.seqthink.testing.TestIssuer;

/**
 * No log of the whole test run contains a thought, a token or a key. The build runs this after all
 * other tests.
 */
class LogSecrecyIT {

    private static final Path BUILD = Path.of("target");
    private static final List<String> LOGS =
            List.of(
                    "surefire-reports/*-output.txt",
                    "failsafe-reports/*-output.txt",
                    "it-logs/*.log",
                    "quarkus-test-*.log*",
                    "quarkus-it-*.log*");

    /** Secrets are looked up by their last characters, since many begin alike. */
    private static final int LAST_CHARACTERS = 12;

    /** An age identity or a whole token, even one that was not noted. */
    private static final Pattern SECRET =
            Pattern.compile(
                    "(?i:AGE-SECRET-KEY-(PQ-)?1[02-9AC-HJ-NP-Z]{58})"
                            + "|eyJ[\\w-]+\\.[\\w-]+\\.[\\w-]+");

    @TempDir Path folder;

    @Test
    void noLogContainsASecret() throws IOException {
        Map<String, List<String>> secrets = byEnd(Canaries.noted());

        for (String where : LOGS) {
            for (Path log : logs(where)) {
                assertThat(secretsIn(log, secrets)).as("secrets in %s", log).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @FieldSource("LOGS")
    void everyKindOfLogHasContent(String where) throws IOException {
        assertThat(logs(where)).anySatisfy(log -> assertThat(log).isNotEmptyFile());
    }

    @ParameterizedTest
    @ValueSource(strings = {"thought-", "eyJ", "AGE-SECRET-KEY-1"})
    void secretsOfEveryKindWereNoted(String beginning) {
        assertThat(Canaries.noted()).anyMatch(secret -> secret.startsWith(beginning));
    }

    @Test
    void packagedServicesLogged() throws IOException {
        assertThat(logs("it-logs/*.log"))
                .anySatisfy(log -> assertThat(text(log)).contains("listening on"));
    }

    @Test
    void theSearchFindsSecrets() throws IOException {
        String token =
                TestIssuer.sign(TestIssuer.claims("caller", claims -> {}), TestIssuer.newKey());
        String signature = token.substring(token.lastIndexOf('.') + 1);
        String key = AgeKey.generate().secret();
        String thought = Canaries.thought();
        Map<String, List<String>> secrets = byEnd(List.of(token, thought));
        String unknown =
                TestIssuer.sign(TestIssuer.claims("other", claims -> {}), TestIssuer.newKey());

        for (String secret : List.of(token, signature, thought, key, key.toLowerCase(), unknown)) {
            Path log =
                    Files.writeString(folder.resolve("a.log"), "{\"message\":\"" + secret + "\"}");
            assertThat(secretsIn(log, secrets)).isNotEmpty();
        }
        Path clean = Files.writeString(folder.resolve("a.log"), "{\"message\":\"thought\"}");
        assertThat(secretsIn(clean, secrets)).isEmpty();
    }

    /** What reveals a secret: the secret itself, or a token's signature. */
    private static Stream<String> traces(String secret) {
        return secret.startsWith("eyJ")
                ? Stream.of(secret, secret.substring(secret.lastIndexOf('.') + 1))
                : Stream.of(secret);
    }

    /** The traces to look for, by their last {@link #LAST_CHARACTERS} characters. */
    private static Map<String, List<String>> byEnd(List<String> secrets) {
        return secrets.stream()
                .flatMap(LogSecrecyIT::traces)
                .collect(groupingBy(secret -> secret.substring(secret.length() - LAST_CHARACTERS)));
    }

    /** The beginnings of the secrets found: enough to identify them, too little to use them. */
    private static List<String> secretsIn(Path log, Map<String, List<String>> secrets)
            throws IOException {
        String text = text(log);
        return Stream.concat(
                        IntStream.rangeClosed(LAST_CHARACTERS, text.length())
                                .boxed()
                                .flatMap(end -> endingAt(text, end, secrets)),
                        SECRET.matcher(text).results().map(result -> result.group()))
                .map(secret -> secret.substring(0, Math.min(secret.length(), 20)))
                .distinct()
                .toList();
    }

    private static Stream<String> endingAt(
            String text, int end, Map<String, List<String>> secrets) {
        return secrets.getOrDefault(text.substring(end - LAST_CHARACTERS, end), List.of()).stream()
                .filter(secret -> text.startsWith(secret, end - secret.length()));
    }

    private static List<Path> logs(String where) throws IOException {
        PathMatcher wanted =
                FileSystems.getDefault().getPathMatcher("glob:" + BUILD.resolve(where));
        try (Stream<Path> files = Files.walk(BUILD)) {
            return files.filter(Files::isRegularFile).filter(wanted::matches).toList();
        }
    }

    private static String text(Path log) throws IOException {
        return Files.readString(log, StandardCharsets.ISO_8859_1);
    }
}
