package services.chorus.seqthink.http;

import static io.restassured.RestAssured.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import services.chorus.seqthink.age.Encoding;
import services.chorus.seqthink.testing.AgeKey;
import services.chorus.seqthink.testing.Canaries;
import services.chorus.seqthink.testing.Client;
import services.chorus.seqthink.testing.Door;

/** A gateway whose key file changes. The argument makes it start its own service. */
@QuarkusTest
@WithTestResource(
        value = Door.class,
        initArgs = @ResourceArg(name = "seqthink.gateway.max-inflight-mb", value = "63"))
class KeyRotationTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    Door door;

    @Test
    void reloadsTheKeysOfItsFile() throws IOException {
        AgeKey old = door.key();
        AgeKey fresh = AgeKey.generate();
        assertThat(keyringLines())
                .contains(
                        "seqthink_keyring_keys 1.0",
                        "seqthink_keyring_current_created 0.0",
                        "seqthink_keyring_broken 0.0",
                        "seqthink_recipients_version 1.0");
        assertThat(idleRows()).containsExactly(row(old, "current"));
        assertThat(statusOfACallSealedTo(fresh)).isEqualTo(422);

        write(
                "# recipients-version: 2",
                "# created: 2026-01-31T00:00:00Z",
                fresh.secret(),
                old.secret());
        awaitLine("seqthink_recipients_version 2.0");
        assertThat(keyringLines()).contains("seqthink_keyring_current_created 1.7698176E9");
        assertThat(idleRows()).containsExactlyInAnyOrder(row(fresh, "current"), row(old, "other"));
        assertThat(statusOfACallSealedTo(old)).isEqualTo(200);
        assertThat(statusOfACallSealedTo(fresh)).isEqualTo(200);

        write("# recipients-version: 2", fresh.secret(), "no key");
        awaitLine("seqthink_keyring_broken 1.0");
        assertThat(statusOfACallSealedTo(old)).isEqualTo(200);

        write("# recipients-version: 2", fresh.secret());
        awaitLine("seqthink_keyring_broken 0.0");
        assertThat(keyringLines()).contains("seqthink_keyring_keys 1.0");
        assertThat(idleRows()).containsExactly(row(fresh, "current"));
        assertThat(statusOfACallSealedTo(old)).isEqualTo(422);
        assertThat(statusOfACallSealedTo(fresh)).isEqualTo(200);
    }

    private void write(String... lines) throws IOException {
        Files.write(door.identities(), List.of(lines));
    }

    private int statusOfACallSealedTo(AgeKey key) {
        Client caller = Client.stranger(door);
        byte[] sealed =
                Client.sealed(caller.request(Canaries.thought()), key.recipient(), Encoding.BINARY);
        return caller.post(sealed).statusCode();
    }

    private static void awaitLine(String line) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(keyringLines()).contains(line));
    }

    private static List<String> idleRows() {
        return keyringLines().stream()
                .filter(line -> line.startsWith("seqthink_keyring_key_idle_seconds{"))
                .map(line -> line.substring(0, line.lastIndexOf(' ')))
                .toList();
    }

    private static String row(AgeKey key, String state) {
        return "seqthink_keyring_key_idle_seconds{key=\"%s\",state=\"%s\"}"
                .formatted(key.identity().recipient().fingerprint(), state);
    }

    private static List<String> keyringLines() {
        return when().get("/metrics")
                .then()
                .statusCode(200)
                .extract()
                .asString()
                .lines()
                .filter(line -> line.matches("seqthink_(keyring|recipients)_.*"))
                .toList();
    }
}
