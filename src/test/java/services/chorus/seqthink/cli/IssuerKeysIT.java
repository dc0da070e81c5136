package services.chorus.seqthink.cli;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import services.chorus.seqthink.testing.AgeKey;
import services.chorus.seqthink.testing.Artefact;
import services.chorus.seqthink.testing.CommandLineTool.Result;
import services.chorus.seqthink.testing.OwnFile;
import services.chorus.seqthink.testing.Scrape;
import services.chorus.seqthink.testing.Service;

/** A packaged issuer with sealed keys that change while it runs. */
class IssuerKeysIT {

    private static final Duration NOTICED = Duration.ofSeconds(10);

    @TempDir Path folder;
    private Map<String, String> environment;

    @BeforeEach
    void sealTheKeys() throws Exception {
        Path identities = OwnFile.write(folder.resolve("issuer.key"), AgeKey.generate().secret());
        environment = DoorFiles.issuerEnvironment(folder);
        environment.put("ISSUER_IDENTITY_PATH", identities.toString());
        environment.put("ISSUER_ALGORITHM", "EdDSA");
    }

    @Test
    void loadsChangedKeysAndKeepsThemAfterARestart() throws Exception {
        List<String> changed;
        try (Service issuer = Service.start("IssuerKeysIT", environment)) {
            List<String> before = kids(issuer);
            assertThat(before).hasSize(1);

            issuerRotate().orFail();

            await().atMost(NOTICED).until(() -> kids(issuer).size() == 2);
            assertThat(kids(issuer)).startsWith(before.getFirst());
            assertThat(Scrape.of(issuer).values().get("seqthink_issuer_next_rotation_seconds"))
                    .isBetween(0.0, 420.0);

            issuerRotate("--compromised").orFail();

            await().atMost(NOTICED).until(() -> kids(issuer).size() == 1);
            changed = kids(issuer);
            assertThat(changed).doesNotContainAnyElementsOf(before);
        }
        try (Service again = Service.start("IssuerKeysIT-again", environment)) {
            assertThat(kids(again)).isEqualTo(changed);
        }
    }

    @Test
    void doesNotStartWithKeysThatItCannotOpen() throws Exception {
        Service.start("IssuerKeysIT-sealed", environment).close();
        environment.remove("ISSUER_IDENTITY_PATH");
        environment.put("PORT", "0");
        environment.put("BIND_ADDRESS", "127.0.0.1");

        Result start = Artefact.run(folder, environment, "serve");

        assertThat(start.exitCode()).isEqualTo(1);
        assertThat(start.text() + start.errors())
                .contains("ISSUER_IDENTITY_PATH is not set")
                .doesNotContain("listening on");
    }

    private Result issuerRotate(String... option) throws Exception {
        return option.length == 0
                ? Artefact.run(folder, environment, "issuer", "rotate")
                : Artefact.run(folder, environment, "issuer", "rotate", option[0]);
    }

    private static List<String> kids(Service issuer) {
        return given().baseUri(issuer.url())
                .get("/.well-known/jwks.json")
                .then()
                .statusCode(200)
                .extract()
                .path("keys.kid");
    }
}
