package services.chorus.seqthink.age;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import services.chorus.seqthink.testing.Jazzer;

/**
 * Coverage-guided fuzzing: a few thousand inputs in every build, or {@code -Dfuzz.seconds=N} for
 * each target. Findings and logs are in {@code target/fuzz}.
 */
class FuzzTest {

    private static final int SECONDS = Integer.getInteger("fuzz.seconds", 0);

    /** A count, so that a slow machine tries as many inputs as a fast one. */
    private static final String EFFORT = SECONDS == 0 ? "-runs=4000" : "-max_total_time=" + SECONDS;

    private static final String EFFORT_FOR_THE_PLANTED_FAULT = "-runs=1000000";

    /** The exit code of jazzer when the target threw. */
    private static final int FOUND = 77;

    /** Two chunks; larger seeds only slow the fuzzer down. */
    private static final int LARGEST_SEED = 100_000;

    @Test
    void noFileBreaksARule() throws Exception {
        Jazzer jazzer = new Jazzer(FileFuzz.class, List.of(PublicKeyWork.class));
        List<Vector> vectors =
                Vectors.all().stream()
                        .filter(vector -> vector.file().length <= LARGEST_SEED)
                        .toList();
        for (Vector vector : vectors) {
            jazzer.seed(vector.name(), vector.file());
        }
        Files.writeString(
                jazzer.folder().resolve(FileFuzz.IDENTITIES),
                vectors.stream()
                        .flatMap(vector -> vector.keyIdentities().stream())
                        .distinct()
                        .collect(Collectors.joining("\n")));

        assertHolds(jazzer.run(EFFORT, "-use_value_profile=1"));
    }

    @Test
    void noKeyBreaksARule() throws Exception {
        Jazzer jazzer = new Jazzer(KeyFuzz.class, List.of());
        for (KeyIdentity identity : List.of(X25519Identity.generate(), HybridIdentity.generate())) {
            String kind = identity.getClass().getSimpleName();
            jazzer.seed(kind, identity.encode());
            jazzer.seed(kind + "-recipient", identity.recipient().toString().getBytes(US_ASCII));
        }

        assertHolds(jazzer.run(EFFORT));
    }

    @Test
    void aPlantedFaultIsFound() throws Exception {
        Jazzer.Result result =
                new Jazzer(PlantedFault.class, List.of())
                        .run(EFFORT_FOR_THE_PLANTED_FAULT, "-seed=1");

        assertThat(result.exitCode()).as(result.log()).isEqualTo(FOUND);
        assertThat(result.log()).contains(PlantedFault.SAID);
        assertThat(result.findings())
                .anySatisfy(input -> assertThat(input).content(US_ASCII).startsWith("age1"));
    }

    private static void assertHolds(Jazzer.Result result) {
        assertThat(result.exitCode()).as(result.log()).isZero();
        assertThat(result.coverageOfSeeds()).isGreaterThan(100);
        assertThat(result.newInputs()).isPositive();
        assertThat(result.features()).isGreaterThan(result.featuresOfSeeds());
    }
}
