package services.chorus.seqthink.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import services.chorus.seqthink.cli.DoorFiles;

/** The check of the settings of shared state, which connects to nothing. */
class StateAtStartTest {

    @TempDir Path folder;
    Map<String, String> environment;
    Judged judged;

    @BeforeEach
    void startFromAGoodDoor() throws IOException {
        environment = DoorFiles.in(folder).environment();
        environment.put("STATE_URL", "rediss://:secret@redis.example:6380/1");
        judged = new Judged(environment);
        assertThat(judged.faults()).isEmpty();
    }

    @Test
    void reportsAnInvalidUrlWithoutQuotingIt() {
        environment.put("STATE_URL", "redis://:canary@redis.example");

        assertThat(judged.faultyVariables()).containsExactly("STATE_URL");
        assertThat(judged.lines().getFirst()).doesNotContain("canary");
    }

    @Test
    void reportsMissingAuthorities() {
        environment.put("CA_PATH", folder.resolve("nothing").toString());

        assertThat(judged.faultyVariables()).containsExactly("CA_PATH");
    }

    @Test
    void rejectsUnsealedSharedStateEvenForDevelopment() {
        environment.put("INSECURE_DEV", "true");
        environment.remove("AGE_IDENT_PATH");
        environment.remove("DOOR_KEY_PATH");

        assertThat(judged.faultyVariables()).containsExactly("STATE_URL");
    }
}
