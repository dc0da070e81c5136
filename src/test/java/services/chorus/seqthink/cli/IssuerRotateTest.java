package services.chorus.seqthink.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import services.chorus.seqthink.issuer.keys.KeyAlgorithm;
import services.chorus.seqthink.issuer.keys.KeyPlan;
import services.chorus.seqthink.issuer.keys.KeyStorage;
import services.chorus.seqthink.issuer.keys.SigningKeys;
import services.chorus.seqthink.testing.AgeKey;
import services.chorus.seqthink.testing.OwnFile;

class IssuerRotateTest {

    private static final KeyPlan PLAN =
            new KeyPlan(
                    KeyAlgorithm.EDDSA,
                    Duration.ofDays(7),
                    Duration.ofMinutes(7),
                    Duration.ofHours(24));

    private final Map<String, String> environment = new HashMap<>();

    @TempDir private Path folder;
    private Path file;
    private String first;

    @BeforeEach
    void makeKeys() {
        file = folder.resolve("keys.json");
        environment.put("ISSUER_KEYS_PATH", file.toString());
        first = keys().current().kid();
    }

    @Test
    void publishesTheNextKeyAndPrintsWhenItSigns() throws IOException {
        Instant before = Instant.now();
        CommandRun run = rotate();
        run.orFail();

        List<String> kids = published();
        assertThat(kids).hasSize(2).startsWith(first);
        Instant signsFrom = Instant.parse(run.text().split("signs from |;")[1]);
        assertThat(signsFrom).isBetween(before.plus(PLAN.lead()), Instant.now().plus(PLAN.lead()));
        assertThat(run.text())
                .startsWith("published: " + kids.getLast())
                .contains("until then " + first + " does");
        assertThat(keys().current().kid()).isEqualTo(first);
        assertThat(run.errors()).isEmpty();
    }

    @Test
    void signsAfterTheMaxAgeOfTheJwks() {
        environment.put("ISSUER_JWKS_MAX_AGE", "1h");
        Instant before = Instant.now();

        CommandRun run = rotate();

        Instant signsFrom = Instant.parse(run.text().split("signs from |;")[1]);
        assertThat(Duration.between(before, signsFrom)).isGreaterThan(Duration.ofMinutes(61));
    }

    @Test
    void makesAKeyOfTheSameKind() {
        rotate().orFail();

        assertThat(keys().jwks()).doesNotContain("RS256");
    }

    @Test
    void rejectsASecondNextKey() throws IOException {
        rotate().orFail();
        List<String> kids = published();

        CommandRun run = rotate();

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.errors()).contains(kids.getLast(), "is published already", "signs from");
        assertThat(published()).isEqualTo(kids);
    }

    @Test
    void replacesCompromisedKeys() throws IOException {
        rotate().orFail();
        String waiting = published().getLast();

        CommandRun run = rotate("--compromised");
        run.orFail();

        assertThat(published()).singleElement().isNotIn(first, waiting);
        assertThat(keys().current().kid()).isEqualTo(published().getFirst());
        assertThat(run.text())
                .contains(
                        "dropped: " + first,
                        "dropped: " + waiting,
                        "signing: " + published().getFirst())
                .contains("a gateway rejects all earlier tokens");
    }

    @Test
    void usesTheGivenFile() {
        environment.clear();

        rotate("-f", file.toString()).orFail();
        assertThat(rotate().errors())
                .contains("-f FILE, set ISSUER_KEYS_PATH, or give the settings with --config");
    }

    @Test
    void keepsSealedKeysSealed() throws IOException {
        Path identities =
                OwnFile.write(folder.resolve("identities.txt"), AgeKey.generate().secret());
        environment.put("ISSUER_IDENTITY_PATH", identities.toString());

        rotate().orFail();

        assertThat(Files.readString(file)).contains("sealed_pkcs8").doesNotContain("\"pkcs8\"");
        environment.remove("ISSUER_IDENTITY_PATH");
        CommandRun run = rotate("--compromised");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.errors()).contains("ISSUER_IDENTITY_PATH");
    }

    @Test
    void createsNoKeys() throws IOException {
        Files.delete(file);

        CommandRun run = rotate();

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.errors()).contains("start the issuer");
        assertThat(file).doesNotExist();
    }

    @Test
    void reportsAnInvalidSetting() {
        environment.put("ISSUER_JWKS_MAX_AGE", "soon");
        assertThat(rotate().errors())
                .contains("ISSUER_JWKS_MAX_AGE", "set it to a number and its unit");

        environment.put("ISSUER_JWKS_MAX_AGE", "5m");
        environment.put("ISSUER_GRACE", "1m");
        CommandRun run = rotate();
        assertThat(run.errors()).contains("ISSUER_GRACE");
        assertThat(run.exitCode()).isEqualTo(1);
    }

    private CommandRun rotate(String... options) {
        String[] arguments = new String[options.length + 2];
        arguments[0] = "issuer";
        arguments[1] = "rotate";
        System.arraycopy(options, 0, arguments, 2, options.length);
        return CommandRun.in(environment, new byte[0], arguments);
    }

    private List<String> published() throws IOException {
        return new ObjectMapper().readTree(keys().jwks()).findValuesAsText("kid");
    }

    private SigningKeys keys() {
        return SigningKeys.open(file, PLAN, KeyStorage.clear(), InstantSource.system());
    }
}
