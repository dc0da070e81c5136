package services.chorus.seqthink.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import services.chorus.seqthink.audit.ChainVerification.ChainFault;
import services.chorus.seqthink.audit.SegmentedFile.Segments;
import services.chorus.seqthink.hash.Sha256;
import services.chorus.seqthink.signing.Ed25519Key;
import services.chorus.seqthink.signing.Ed25519PublicKey;
import services.chorus.seqthink.telemetry.Meters;

class AuditLogTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @TempDir Path folder;
    private Path path;
    private Path keyFile;
    private Ed25519PublicKey key;

    @BeforeEach
    void makeAKey() throws IOException {
        path = folder.resolve("audit.jsonl");
        keyFile = folder.resolve("audit.jwk");
        try (Ed25519Key made = Ed25519Key.generate()) {
            Files.write(keyFile, made.encode());
            key = made.publicKey();
        }
    }

    @Test
    void writesEventsInAFixedForm() throws Exception {
        try (AuditLog log = open(64)) {
            record(log, "a-tool");

            List<String> lines = Logs.text(files().getFirst());
            assertThat(lines.get(0))
                    .matches(
                            "\\{\"audit\":1,\"seq\":1,\"prev\":\"A{43}\","
                                    + "\"at\":\"2026-03-01T10:15:30.123Z\",\"kind\":\"start\","
                                    + "\"replica\":\"replica-1\",\"version\":\"1.0\","
                                    + "\"key\":\""
                                    + key.fingerprint()
                                    + "\"}");
            assertThat(lines.get(1))
                    .isEqualTo(
                            "{\"audit\":1,\"seq\":2,\"prev\":\"%s\",".formatted(hash(lines.get(0)))
                                    + "\"at\":\"2026-03-01T10:15:30.123Z\",\"kind\":\"decision\","
                                    + "\"replica\":\"replica-1\",\"method\":\"POST\","
                                    + "\"route\":\"/mcp/tool\",\"iss\":\"https://issuer.example\","
                                    + "\"sub\":\"agent-7\",\"jti\":\"token-1\","
                                    + "\"scopes\":[\"sequentialthinking.run\"],"
                                    + "\"tool\":\"a-tool\",\"request_hash\":"
                                    + "\"47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU\","
                                    + "\"outcome\":\"allowed\",\"status\":200,\"inside\":200,"
                                    + "\"ms\":12,\"received\":1234,\"sent\":567}");
            assertThat(registry.get("seqthink.audit.sequence").gauge().value()).isEqualTo(2);
        }
    }

    @Test
    void continuesTheExistingChain() throws Exception {
        for (int start = 1; start <= 3; start++) {
            try (AuditLog log = open(64)) {
                record(log, "tool");
            }
        }

        List<String> lines = Logs.text(files().getFirst());
        assertThat(lines).hasSize(12);
        assertThat(lines.get(4))
                .contains("\"kind\":\"start\"", "\"head\":\"4:" + hash(lines.get(3)) + "\"");
        assertWhole(12);
    }

    @Test
    void beginsAnotherFileWhenOneIsFullAndLeavesTheOthersUnchanged() throws Exception {
        Path full;
        byte[] before;
        try (AuditLog log = open(1)) {
            while (files().size() < 2) {
                fill(log);
            }
            full = files().getFirst();
            before = Files.readAllBytes(full);
            while (files().size() < 3) {
                fill(log);
            }
        }
        record(open(1), "tool");

        assertThat(files())
                .hasSize(3)
                .isSorted()
                .allSatisfy(
                        file ->
                                assertThat(file.getFileName().toString())
                                        .isEqualTo(
                                                "audit.jsonl.%016d"
                                                        .formatted(firstSequence(file))));
        assertThat(full).hasBinaryContent(before);
        assertThat(before.length).isBetween(1 << 20, 2 << 20);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(full)))
                .isEqualTo("rw-r-----");
        assertThat(verify().faults()).isEmpty();
    }

    @Test
    void letsOnlyOneProcessWriteALog() throws Exception {
        try (AuditLog log = open(64)) {
            assertThatThrownBy(() -> open(64))
                    .isInstanceOf(FileSystemException.class)
                    .hasMessageContaining("another process writes this audit log");
            record(log, "tool");
        }
        open(64).close();

        assertThat(verify().faults()).isEmpty();
    }

    @Test
    void keepsATornLineAfterACrashAndContinuesAfterIt() throws Exception {
        open(64).close();
        Path file = files().getFirst();
        for (String torn :
                List.of("{\"audit\":1,\"seq\":4,\"pr", "x".repeat(200_000), "no\nrecord\n", "\n")) {
            Files.writeString(file, torn, StandardOpenOption.APPEND);
            byte[] before = Files.readAllBytes(file);

            open(64).close();

            assertThat(Files.readAllBytes(file)).startsWith(before);
            assertThat(verify().faults()).as(torn).isEmpty();
        }
        assertWhole(15);
    }

    @Test
    void treatsALineWithoutALineBreakAsTorn() throws Exception {
        open(64).close();
        Path file = files().getFirst();
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length - 1));

        open(64).close();

        assertThat(verify().faults()).isEmpty();
        assertThat(verify().report().last()).isEqualTo(5);
    }

    @Test
    void detectsATornLineThatWasChangedOrRemoved() throws Exception {
        open(64).close();
        Path file = files().getFirst();
        Files.writeString(file, "{\"audit\":1,\"se", StandardOpenOption.APPEND);
        open(64).close();
        String whole = Files.readString(file);

        Files.writeString(file, whole.replace("{\"audit\":1,\"se \n", "{\"audit\":2,\"se \n"));
        assertThat(verify().faults()).extracting(ChainFault::line).containsExactly(4L);
        Files.writeString(file, whole.replace("{\"audit\":1,\"se \n", ""));
        assertThat(verify().faults()).extracting(ChainFault::line).containsExactly(4L);
    }

    @Test
    void continuesInAFileThatACrashLeftEmpty() throws Exception {
        open(64).close();
        Files.createFile(new Segments(path).beginningWith(4));

        open(64).close();

        assertThat(files()).hasSize(2);
        assertWhole(6);
    }

    @Test
    void losesNoWrittenRecordWhenKilled() throws Exception {
        List<String> written = new ArrayList<>();
        for (int kill = 0; kill < 3; kill++) {
            Process writer =
                    new ProcessBuilder(
                                    Path.of(System.getProperty("java.home"), "bin", "java")
                                            .toString(),
                                    "-XX:TieredStopAtLevel=1",
                                    "-cp",
                                    System.getProperty("java.class.path"),
                                    EndlessAudit.class.getName(),
                                    path.toString(),
                                    keyFile.toString())
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start();
            try (BufferedReader out = writer.inputReader(UTF_8)) {
                for (int i = 0; i < 200; i++) {
                    written.add(out.readLine());
                }
                writer.toHandle().destroyForcibly(); // the other form closes what it still says
                out.lines().filter(line -> line.endsWith(".")).forEach(written::add);
            }
            assertThat(writer.waitFor(20, SECONDS)).isTrue();
            assertThat(writer.exitValue()).isEqualTo(137);
        }
        open(64).close();

        assertThat(written).hasSizeGreaterThanOrEqualTo(600).doesNotContainNull();
        assertThat(verify().faults()).isEmpty();
        String all = Files.readString(files().getFirst());
        assertThat(written)
                .allSatisfy(tool -> assertThat(all.contains("\"tool\":\"" + tool + "\"")).isTrue());
    }

    @Test
    void escapesAndCutsTextsFromOutside() throws Exception {
        String hostile = "\"}\n{\"audit\":1 \u0000\u2028\ud800 " + "\ud83d\ude00".repeat(1000);
        try (AuditLog log = open(64)) {
            record(log, hostile);
        }

        List<String> lines = Logs.text(files().getFirst());
        assertThat(lines).hasSize(4);
        assertThat(lines.get(1)).hasSizeLessThan(1500);
        assertThat(verify().faults()).isEmpty();
    }

    @Test
    void writesToolsToStandardOutputOnlyAsHmacs() throws Exception {
        try (Ed25519Key one = Ed25519Key.generate();
                Ed25519Key other = Ed25519Key.generate()) {
            String named = hidden(Optional.of(one), "a-tool");

            assertThat(named).doesNotContain("a-tool").contains("\"tool_hmac\":\"");
            assertThat(hidden(Optional.of(one), "a-tool")).isEqualTo(named);
            assertThat(hidden(Optional.of(one), "b-tool")).isNotEqualTo(named);
            assertThat(hidden(Optional.of(other), "a-tool")).isNotEqualTo(named);
            assertThat(hidden(Optional.empty(), "a-tool"))
                    .isNotEqualTo(hidden(Optional.empty(), "a-tool"));
        }
    }

    private static String hidden(Optional<Ed25519Key> key, String tool) {
        RecordChain chain =
                new RecordChain(
                        ChainHead.NONE, "replica-1", key, Optional.of(RecordChain.toolKey(key)));
        return new String(chain.event(Logs.decision(tool)), UTF_8);
    }

    private AuditLog open(int maxMb) throws IOException {
        return AuditLog.open(
                new LogConfig(path, keyFile, maxMb),
                "1.0",
                InstantSource.fixed(Logs.NOW),
                new Meters(registry));
    }

    private static void record(AuditLog log, String tool) throws Exception {
        log.record(Logs.decision(tool)).toCompletableFuture().get(10, SECONDS);
    }

    private static void fill(AuditLog log) {
        List<CompletableFuture<Void>> written = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            written.add(log.record(Logs.decision("tool".repeat(30))).toCompletableFuture());
        }
        CompletableFuture.allOf(written.toArray(CompletableFuture[]::new)).join();
    }

    private List<Path> files() throws IOException {
        return new Segments(path).inOrder();
    }

    private Logs.Verdict verify() throws IOException {
        return Logs.verify(Optional.empty(), List.of(key), files().toArray(Path[]::new));
    }

    private void assertWhole(long proven) throws IOException {
        Logs.Verdict verdict = verify();
        assertThat(verdict.faults()).isEmpty();
        assertThat(verdict.report().proven()).isEqualTo(proven);
    }

    private static long firstSequence(Path file) throws IOException {
        String first = Logs.text(file).getFirst();
        return RecordLine.read(first.getBytes(UTF_8)).orElseThrow().sequence();
    }

    private static String hash(String line) {
        return Sha256.base64url(line.getBytes(UTF_8));
    }
}
