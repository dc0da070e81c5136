package services.chorus.seqthink.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import services.chorus.seqthink.audit.Logs.Verdict;
import services.chorus.seqthink.signing.Ed25519Key;
import services.chorus.seqthink.telemetry.Meters;
import services.chorus.seqthink.testing.LogWatch;

class TrailTest {

    private static final Duration NEVER = Duration.ofHours(1);
    private static final Duration SOON = Duration.ofMillis(5);
    private static final Pace LAZY = new Pace(100, 1_000_000, NEVER, SOON, true);

    @AutoClose private final Ed25519Key key = Ed25519Key.generate();
    private final FlakySink sink = new FlakySink();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Meters meters = new Meters(registry);

    @TempDir Path folder;

    @Test
    void completesWhatIsWritten() throws Exception {
        try (Trail trail = begin(LAZY)) {
            trail.append(Logs.decision("a-tool")).get(10, TimeUnit.SECONDS);

            assertThat(sink.lines()).hasSize(2).last().asString().contains("a-tool");
            assertThat(sink.forced()).isEqualTo(2);
            assertThat(trail.head()).isEqualTo(Head.parse(trail.head().toString()).orElseThrow());
            assertThat(trail.head().sequence()).isEqualTo(2);
            assertThat(count("seqthink.audit.records")).isEqualTo(1);
        }
    }

    @Test
    void endsWithAStopAndACheckpoint() throws IOException {
        Trail trail = begin(LAZY);
        trail.append(Logs.decision("tool"));
        trail.close();

        assertThat(kinds()).containsExactly("start", "decision", "stop", "checkpoint");
        assertThat(verified().report().proven()).isEqualTo(4);
    }

    @Test
    void signsACheckpointAfterSoManyRecords() throws IOException {
        Trail trail = begin(new Pace(100, 3, NEVER, SOON, false));
        for (int i = 0; i < 7; i++) {
            trail.append(Logs.decision("tool")).join();
        }
        trail.close();

        assertThat(kinds())
                .containsExactly(
                        "start",
                        "decision",
                        "decision",
                        "checkpoint",
                        "decision",
                        "decision",
                        "decision",
                        "checkpoint",
                        "decision",
                        "decision",
                        "stop",
                        "checkpoint");
    }

    @Test
    void signsACheckpointAfterSomeTimeOnlyWhereSomethingWasWritten() throws IOException {
        Duration short_ = Duration.ofMillis(50);
        try (Trail trail = begin(new Pace(100, 1000, short_, SOON, false))) {
            await().until(() -> kinds().equals(List.of("start", "checkpoint")));
            // many times as long as a second checkpoint would take
            await().during(short_.multipliedBy(6)).until(() -> kinds().size() == 2);
            trail.append(Logs.decision("tool"));
            await().until(() -> kinds().size() == 4);

            assertThat(kinds()).endsWith("decision", "checkpoint");
        }
    }

    @Test
    void takesNothingMoreOnceItsWriterBrokeDown() throws Exception {
        Chain chain = Logs.chain(Head.NONE, Optional.empty());
        byte[] start = chain.start(Logs.NOW, "1.0", Optional.empty());
        Pace pace = new Pace(100, 1, NEVER, SOON, true);
        try (Trail trail =
                Trail.begin(
                        sink,
                        chain,
                        start,
                        pace,
                        InstantSource.fixed(Logs.NOW),
                        meters,
                        () -> {
                            throw new IllegalStateException("a defect");
                        })) {
            trail.append(Logs.decision("tool"));

            await().until(() -> trail.failing() && !trail.accepting());
            assertThatThrownBy(() -> trail.append(Logs.decision("tool")).get(10, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(NotWrittenException.class);
        }
    }

    @Test
    void goesOnWhereAFullDiskStoppedIt() throws Exception {
        try (LogWatch log = new LogWatch();
                Trail trail = begin(LAZY)) {
            sink.leaveRoom(50);
            List<CompletableFuture<Void>> written = append(trail, 10);
            await().until(() -> sink.attempts() > 5);

            assertThat(trail.accepting()).isFalse();
            assertThat(trail.failing()).isTrue();
            assertThat(trail.head().sequence()).isEqualTo(1);
            assertThat(written).noneMatch(CompletableFuture::isDone);
            assertThat(count("seqthink.audit.failures")).isGreaterThan(3);
            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .endsWith(
                            "The audit log cannot be written to a flaky disk: No space left on"
                                    + " device");

            sink.leaveRoom(Integer.MAX_VALUE);
            CompletableFuture.allOf(written.toArray(CompletableFuture[]::new))
                    .get(10, TimeUnit.SECONDS);

            assertThat(trail.accepting()).isTrue();
            assertThat(trail.head().sequence()).isEqualTo(11);
            assertThat(log.lines()).hasSize(2).last().asString().contains("again");
        }
        assertThat(verified().findings()).isEmpty();
        assertThat(kinds()).hasSize(13).doesNotContain("lost");
    }

    @Test
    void saysHowManyWereLost() throws IOException {
        Trail trail = begin(new Pace(10, 1000, NEVER, SOON, false));
        sink.leaveRoom(0);
        trail.append(Logs.decision("first"));
        await().until(() -> sink.attempts() > 3);
        List<CompletableFuture<Void>> written = append(trail, 17);

        assertThat(written).filteredOn(CompletableFuture::isCompletedExceptionally).hasSize(7);
        assertThatThrownBy(() -> written.getLast().get())
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(NotWrittenException.class);
        assertThat(count("seqthink.audit.lost")).isEqualTo(7);

        sink.leaveRoom(Integer.MAX_VALUE);
        trail.close();

        assertThat(kinds()).filteredOn("decision"::equals).hasSize(11);
        assertThat(sink.lines())
                .filteredOn(line -> line.contains("\"kind\":\"lost\""))
                .singleElement()
                .asString()
                .contains("\"count\":7,\"since\":\"2026-03-01T10:15:30.123Z\"");
        assertThat(verified().findings()).isEmpty();
    }

    @Test
    void countsNothingAsWrittenThatIsNotOnTheDisk() throws Exception {
        try (Trail trail = begin(LAZY)) {
            sink.breakForce(true);
            CompletableFuture<Void> written = trail.append(Logs.decision("tool"));
            await().until(trail::failing);

            assertThat(written).isNotDone();

            sink.breakForce(false);
            written.get(10, TimeUnit.SECONDS);
        }
        assertThat(verified().findings()).isEmpty();
    }

    @Test
    void givesUpWhatCannotBeWrittenAtItsEnd() throws IOException {
        Trail trail = begin(LAZY);
        sink.leaveRoom(0);
        List<CompletableFuture<Void>> written = append(trail, 3);
        trail.close();

        assertThat(written).allMatch(CompletableFuture::isCompletedExceptionally);
        assertThat(trail.append(Logs.decision("late"))).isCompletedExceptionally();
        assertThat(count("seqthink.audit.lost")).isEqualTo(4);
        assertThat(kinds()).containsExactly("start");
    }

    @Test
    void failsOnADeviceThatIsReallyFull() throws IOException {
        try (FileOutputStream full = new FileOutputStream("/dev/full")) {
            Chain chain = Logs.chain(Head.NONE, Optional.empty());
            byte[] start = chain.start(Logs.NOW, "1.0", Optional.empty());

            assertThatThrownBy(() -> begin(new StandardOutput(full), chain, start, LAZY))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("No space left on device");
        }
    }

    private Trail begin(Pace pace) throws IOException {
        Chain chain = Logs.chain(Head.NONE, Optional.of(key));
        return begin(sink, chain, chain.start(Logs.NOW, "1.0", Optional.empty()), pace);
    }

    private Trail begin(Sink to, Chain chain, byte[] start, Pace pace) throws IOException {
        return Trail.begin(
                to, chain, start, pace, InstantSource.fixed(Logs.NOW), meters, Optional::empty);
    }

    private static List<CompletableFuture<Void>> append(Trail trail, int decisions) {
        List<CompletableFuture<Void>> written = new ArrayList<>();
        for (int i = 0; i < decisions; i++) {
            written.add(trail.append(Logs.decision("tool-" + i)));
        }
        return written;
    }

    private List<String> kinds() {
        return sink.lines().stream()
                .map(line -> line.replaceAll(".*\"kind\":\"(\\w+)\".*", "$1"))
                .toList();
    }

    private Verdict verified() {
        Path file = Logs.write(folder.resolve("log"), sink.bytes());
        return Logs.verify(Optional.empty(), List.of(key.publicKey()), file);
    }

    private double count(String name) {
        return registry.counter(name).count();
    }
}
