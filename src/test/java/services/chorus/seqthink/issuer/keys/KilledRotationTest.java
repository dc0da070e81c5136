package services.chorus.seqthink.issuer.keys;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import services.chorus.seqthink.testing.HandMovedClock;

/** The key file must survive that a process is killed at any moment of a change. */
class KilledRotationTest {

    private static final int KILLS = Integer.getInteger("kills", 20);
    private static final int KID_LENGTH = 43; // base64url of 32 bytes
    private static final long LONGEST_LIFE_NANOS = TimeUnit.MILLISECONDS.toNanos(60);

    /** Keys of the current process are in their grace; those of processes before it are dropped. */
    private static final Duration LIVES_APART = Duration.ofDays(365);

    private static final Duration GRACE = Duration.ofDays(300);

    private final Random random = new Random();

    @TempDir private Path folder;

    @Test
    void opensWithEveryPublishedKeyAfterAKilledRotation() throws Exception {
        HandMovedClock clock = new HandMovedClock();
        List<String> published = List.of(open(path(), clock).current().kid());
        for (int kill = 0; kill < KILLS; kill++) {
            clock.advance(LIVES_APART);
            List<String> told = killedAfterAWhile(clock.instant());

            SigningKeys survived = open(path(), clock);
            List<String> kids =
                    new ObjectMapper().readTree(survived.jwks()).findValuesAsText("kid");

            assertThat(told).as("rotations of process %d", kill).isNotEmpty();
            assertThat(kids)
                    .as("keys after process %d", kill)
                    .containsAll(told)
                    .contains(published.getLast());
            published = kids;
        }
    }

    /** The kids that a process reported as published before it was killed at a random moment. */
    private List<String> killedAfterAWhile(Instant now) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-XX:+UseSerialGC",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Rotating.class.getName(),
                                path().toString(),
                                now.toString())
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        List<String> told = new ArrayList<>();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), US_ASCII))) {
            told.add(out.readLine());
            LockSupport.parkNanos(random.nextLong(LONGEST_LIFE_NANOS));
            process.toHandle().destroyForcibly(); // SIGKILL; its output can still be read
            out.lines().forEach(told::add);
        }
        process.waitFor();
        told.removeIf(line -> line == null || line.length() < KID_LENGTH);
        return told;
    }

    /** Rotates until it is killed, and prints each kid once it is published. */
    static final class Rotating {

        private Rotating() {}

        public static void main(String... args) {
            HandMovedClock clock = new HandMovedClock();
            clock.advance(Duration.between(clock.instant(), Instant.parse(args[1])));
            SigningKeys keys = open(Path.of(args[0]), clock);
            while (true) {
                System.out.println(keys.rotate().kid());
                clock.advance(TestKeys.LEAD);
            }
        }
    }

    private static SigningKeys open(Path path, InstantSource clock) {
        return SigningKeys.open(
                path,
                new KeyPlan(KeyAlgorithm.EDDSA, LIVES_APART, TestKeys.LEAD, GRACE),
                KeyStorage.clear(),
                clock);
    }

    private Path path() {
        return folder.resolve("keys.json");
    }
}
