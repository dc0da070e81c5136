package services.chorus.seqthink.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import services.chorus.seqthink.testing.CommandLineTool;

/** The filters and the {@code age} command accept each other's keys and files. */
class AgeToolTest {

    private static final byte[] PLAINTEXT = "plaintext".getBytes(UTF_8);

    @TempDir Path folder;
    private CommandLineTool age;
    private CommandLineTool ageKeygen;

    @BeforeEach
    void findTools() {
        age = CommandLineTool.needed("age", folder);
        ageKeygen = CommandLineTool.needed("age-keygen", folder);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--", "--armor"})
    void ageOpensWhatWeSealToOurKey(String armor) throws Exception {
        String key = folder.resolve("our.key").toString();
        String recipient = CommandRun.of("keygen", "-o", key).text().strip();
        assertThat(ageKeygen.run("-y", key).text().strip()).isEqualTo(recipient);

        byte[] sealed = CommandRun.of(PLAINTEXT, "seal", "-r", recipient, armor).orFail();

        assertThat(age.run(sealed, "-d", "-i", key).orFail()).isEqualTo(PLAINTEXT);
    }

    @Test
    void weOpenWhatAgeSealsToItsKey() throws Exception {
        String key = folder.resolve("their.key").toString();
        ageKeygen.run("-o", key).orFail();
        String recipient = ageKeygen.run("-y", key).text().strip();

        for (String form : new String[] {"--encrypt", "--armor"}) {
            byte[] sealed = age.run(PLAINTEXT, "-r", recipient, form).orFail();
            assertThat(CommandRun.of(sealed, "open", "-i", key).orFail()).isEqualTo(PLAINTEXT);
        }
    }
}
