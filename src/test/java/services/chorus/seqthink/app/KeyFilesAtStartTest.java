package services.chorus.seqthink.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import services.chorus.seqthink.cli.DoorFiles;
import services.chorus.seqthink.testing.AgeKey;
import services.chorus.seqthink.testing.HandMadeJws;

/** A gateway does not start with an unusable file of keys, and does not quote its content. */
class KeyFilesAtStartTest {

    @TempDir Path folder;
    DoorFiles files;
    Map<String, String> environment;
    Judged judged;

    @BeforeEach
    void startFromAGoodDoor() throws IOException {
        files = DoorFiles.in(folder);
        environment = files.environment();
        environment.put("AGE_RECIPS_PATH", files.recipients().toString());
        judged = new Judged(environment);
        assertThat(judged.faults()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"AGE_IDENT_PATH", "AGE_RECIPS_PATH"})
    void namesAFileThatIsNotThere(String name) {
        environment.put(name, folder.resolve("nothing").toString());

        assertThat(judged.lines())
                .containsExactly(
                        "%s names a file that does not exist: create %s, or set it to a file that exists"
                                .formatted(name, environment.get(name)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"AGE_IDENT_PATH", "AGE_RECIPS_PATH"})
    void namesAFolderThatIsNoFile(String name) {
        environment.put(name, folder.toString());

        assertThat(judged.faultyVariables()).containsExactly(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "# only a comment\n", "hunter2\n", "\u0000\u00ff"})
    void namesAFileWithoutKeys(String content) throws IOException {
        Files.writeString(files.identities(), content);
        Files.writeString(files.recipients(), content);

        assertThat(judged.faultyVariables()).containsExactly("AGE_IDENT_PATH", "AGE_RECIPS_PATH");
        assertThat(judged.lines())
                .allMatch(line -> line.lines().count() == 1 && !line.contains("hunter2"));
    }

    @Test
    void namesTheLineOfABrokenKeyAndKeepsTheKeyToItself() throws IOException {
        String secret = AgeKey.generate().secret();
        String broken =
                secret.substring(0, secret.length() - 1) + (secret.endsWith("Q") ? "P" : "Q");
        Files.writeString(files.identities(), files.key().secret() + "\n" + broken + "\n");

        assertThat(judged.lines())
                .singleElement()
                .asString()
                .startsWith("AGE_IDENT_PATH names a broken file: ")
                .containsIgnoringCase("line 2")
                .doesNotContain(broken);
    }

    @Test
    void namesABrokenDoorKeyAndHowToMakeAGoodOne() throws IOException {
        String x = HandMadeJws.generate().x();
        Files.writeString(
                files.doorKey(), files.signer().privateJwk().replace(files.signer().x(), x));

        assertThat(judged.lines())
                .containsExactly(
                        "DOOR_KEY_PATH names a broken file: The JWK's x is not the public key of its d;"
                                + " keygen --door -o FILE creates a new key");

        Files.delete(files.doorKey());
        assertThat(judged.lines())
                .containsExactly(
                        ("DOOR_KEY_PATH names a file that does not exist: create %s, or set it to a file that exists;"
                                        + " keygen --door -o FILE creates a new key")
                                .formatted(files.doorKey()));
    }

    @Test
    void distinguishesIdentitiesAndRecipients() {
        environment.put("AGE_IDENT_PATH", files.recipients().toString());
        environment.put("AGE_RECIPS_PATH", files.identities().toString());

        assertThat(judged.faultyVariables()).containsExactly("AGE_IDENT_PATH", "AGE_RECIPS_PATH");
        assertThat(judged.lines()).noneMatch(line -> line.contains(files.key().secret()));
    }
}
