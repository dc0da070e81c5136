package services.chorus.seqthink.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import services.chorus.seqthink.cli.DoorFiles;

/** What a door makes of where it is told to share, before it connects to anything. */
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
    void namesAUrlThatCannotBeUsedAndNothingOfIt() {
        environment.put("STATE_URL", "redis://:canary@redis.example");

        assertThat(judged.faultyVariables()).containsExactly("STATE_URL");
        assertThat(judged.lines().getFirst()).doesNotContain("canary");
    }

    @Test
    void namesAuthoritiesThatAreNotThere() {
        environment.put("CA_PATH", folder.resolve("nothing").toString());

        assertThat(judged.faultyVariables()).containsExactly("CA_PATH");
    }

    @Test
    void sharesNothingUnsealedEvenForDevelopment() {
        environment.put("INSECURE_DEV", "true");
        environment.remove("AGE_IDENT_PATH");
        environment.remove("DOOR_KEY_PATH");

        assertThat(judged.faultyVariables()).containsExactly("STATE_URL");
    }
}
