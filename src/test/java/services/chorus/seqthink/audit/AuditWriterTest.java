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
import services.chorus.seqthink.audit.Sink.StandardOutput;
import services.chorus.seqthink.signing.Ed25519Key;
import services.chorus.seqthink.telemetry.Meters;
import services.chorus.seqthink.testing.LogWatch;

class AuditWriterTest {

    private static final Duration NEVER = Duration.ofHours(1);
    private static final Duration SOON = Duration.ofMillis(5);
    private static final WritePace LAZY = new WritePace(100, 1_000_000, NEVER, SOON, true);

    @AutoClose private final Ed25519Key key = Ed25519Key.generate();
    private final FlakySink sink = new FlakySink();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Meters meters = new Meters(registry);

    @TempDir Path folder;

    @Test
    void completesAWrittenEvent() throws Exception {
        try (AuditWriter writer = begin(LAZY)) {
            writer.append(Logs.decision("a-tool")).get(10, TimeUnit.SECONDS);

            assertThat(sink.lines()).hasSize(2).last().asString().contains("a-tool");
            assertThat(sink.forced()).isEqualTo(2);
            assertThat(writer.head())
                    .isEqualTo(ChainHead.parse(writer.head().toString()).orElseThrow());
            assertThat(writer.head().sequence()).isEqualTo(2);
            assertThat(count("seqthink.audit.records")).isEqualTo(1);
        }
    }

    @Test
    void endsWithAStopAndACheckpoint() throws IOException {
        AuditWriter writer = begin(LAZY);
        writer.append(Logs.decision("tool"));
        writer.close();

        assertThat(kinds()).containsExactly("start", "decision", "stop", "checkpoint");
        assertThat(verified().report().proven()).isEqualTo(4);
    }

    @Test
    void writesACheckpointAfterANumberOfRecords() throws IOException {
        AuditWriter writer = begin(new WritePace(100, 3, NEVER, SOON, false));
        for (int i = 0; i < 7; i++) {
            writer.append(Logs.decision("tool")).join();
        }
        writer.close();

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
    void writesACheckpointAfterATimeOnlyIfThereAreRecords() throws IOException {
        Duration short_ = Duration.ofMillis(50);
        try (AuditWriter writer = begin(new WritePace(100, 1000, short_, SOON, false))) {
            await().until(() -> kinds().equals(List.of("start", "checkpoint")));
            // several times as long as a second checkpoint would take
            await().during(short_.multipliedBy(6)).until(() -> kinds().size() == 2);
            writer.append(Logs.decision("tool"));
            await().until(() -> kinds().size() == 4);

            assertThat(kinds()).endsWith("decision", "checkpoint");
        }
    }

    @Test
    void rejectsEventsAfterItsThreadFailed() throws Exception {
        RecordChain chain = Logs.chain(ChainHead.NONE, Optional.empty());
        WritePace pace = new WritePace(100, 1, NEVER, SOON, true);
        try (AuditWriter writer =
                new AuditWriter(
                        sink,
                        chain,
                        pace,
                        InstantSource.fixed(Logs.NOW),
                        meters,
                        () -> {
                            throw new IllegalStateException("a defect");
                        })) {
            writer.start("1.0", Tail.NONE);
            writer.append(Logs.decision("tool"));

            await().until(() -> writer.failing() && !writer.accepting());
            assertThatThrownBy(() -> writer.append(Logs.decision("tool")).get(10, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(AuditLog.NotWrittenException.class);
        }
    }

    @Test
    void continuesAfterAFullDisk() throws Exception {
        try (LogWatch log = new LogWatch();
                AuditWriter writer = begin(LAZY)) {
            sink.leaveRoom(50);
            List<CompletableFuture<Void>> written = append(writer, 10);
            await().until(() -> sink.attempts() > 5);

            assertThat(writer.accepting()).isFalse();
            assertThat(writer.failing()).isTrue();
            assertThat(writer.head().sequence()).isEqualTo(1);
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

            assertThat(writer.accepting()).isTrue();
            assertThat(writer.head().sequence()).isEqualTo(11);
            assertThat(log.lines()).hasSize(2).last().asString().contains("again");
        }
        assertThat(verified().faults()).isEmpty();
        assertThat(kinds()).hasSize(13).doesNotContain("lost");
    }

    @Test
    void countsOmittedEventsInOneRecord() throws IOException {
        AuditWriter writer =
                begin(new WritePace(10, 1_000_000, Duration.ofMillis(50), SOON, false));
        await().until(() -> kinds().contains("checkpoint")); // that of the start
        for (int i = 0; i < 10_000; i++) {
            writer.omit();
        }
        await().until(() -> kinds().contains("omitted"));
        writer.close();

        List<String> omitted =
                sink.lines().stream().filter(l -> l.contains("\"kind\":\"omitted\"")).toList();
        assertThat(omitted).hasSizeLessThan(50);
        assertThat(
                        omitted.stream()
                                .mapToInt(
                                        line ->
                                                Integer.parseInt(
                                                        line.replaceAll(
                                                                ".*\"count\":(\\d+).*", "$1")))
                                .sum())
                .isEqualTo(10_000);
        assertThat(verified().faults()).isEmpty();
    }

    @Test
    void recordsHowManyEventsWereLost() throws IOException {
        AuditWriter writer = begin(new WritePace(10, 1000, NEVER, SOON, false));
        sink.leaveRoom(0);
        writer.append(Logs.decision("first"));
        await().until(() -> sink.attempts() > 3);
        List<CompletableFuture<Void>> written = append(writer, 17);

        assertThat(written).filteredOn(CompletableFuture::isCompletedExceptionally).hasSize(7);
        assertThatThrownBy(() -> written.getLast().get())
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(AuditLog.NotWrittenException.class);
        assertThat(count("seqthink.audit.lost")).isEqualTo(7);

        sink.leaveRoom(Integer.MAX_VALUE);
        writer.close();

        assertThat(kinds()).filteredOn("decision"::equals).hasSize(11);
        assertThat(sink.lines())
                .filteredOn(line -> line.contains("\"kind\":\"lost\""))
                .singleElement()
                .asString()
                .contains("\"count\":7,\"since\":\"2026-03-01T10:15:30.123Z\"");
        assertThat(verified().faults()).isEmpty();
    }

    @Test
    void completesAnEventOnlyWhenItIsOnTheDisk() throws Exception {
        try (AuditWriter writer = begin(LAZY)) {
            sink.breakForce(true);
            CompletableFuture<Void> written = writer.append(Logs.decision("tool"));
            await().until(writer::failing);

            assertThat(written).isNotDone();

            sink.breakForce(false);
            written.get(10, TimeUnit.SECONDS);
        }
        assertThat(verified().faults()).isEmpty();
    }

    @Test
    void failsEventsThatCannotBeWrittenAtTheEnd() throws IOException {
        AuditWriter writer = begin(LAZY);
        sink.leaveRoom(0);
        List<CompletableFuture<Void>> written = append(writer, 3);
        writer.close();

        assertThat(written).allMatch(CompletableFuture::isCompletedExceptionally);
        assertThat(writer.append(Logs.decision("late"))).isCompletedExceptionally();
        assertThat(count("seqthink.audit.lost")).isEqualTo(4);
        assertThat(kinds()).containsExactly("start");
    }

    @Test
    void failsOnAFullDevice() throws IOException {
        try (FileOutputStream full = new FileOutputStream("/dev/full")) {
            RecordChain chain = Logs.chain(ChainHead.NONE, Optional.empty());

            assertThatThrownBy(() -> begin(new StandardOutput(full), chain, LAZY))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("No space left on device");
        }
    }

    private AuditWriter begin(WritePace pace) throws IOException {
        return begin(sink, Logs.chain(ChainHead.NONE, Optional.of(key)), pace);
    }

    private AuditWriter begin(Sink to, RecordChain chain, WritePace pace) throws IOException {
        AuditWriter writer =
                new AuditWriter(
                        to, chain, pace, InstantSource.fixed(Logs.NOW), meters, Optional::empty);
        writer.start("1.0", Tail.NONE);
        return writer;
    }

    private static List<CompletableFuture<Void>> append(AuditWriter writer, int decisions) {
        List<CompletableFuture<Void>> written = new ArrayList<>();
        for (int i = 0; i < decisions; i++) {
            written.add(writer.append(Logs.decision("tool-" + i)));
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
