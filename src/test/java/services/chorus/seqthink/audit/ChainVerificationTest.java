package services.chorus.seqthink.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import services.chorus.seqthink.audit.ChainVerification.ChainFault;
import services.chorus.seqthink.audit.Logs.Verdict;
import services.chorus.seqthink.hash.Sha256;
import services.chorus.seqthink.signing.Ed25519Key;

/** Verifies ten thousand records after changes to them. */
class ChainVerificationTest {

    private static final int RECORDS = 10_000;
    private static final int TIMES = 12;

    @AutoClose private static final Ed25519Key KEY = Ed25519Key.generate();
    private static List<byte[]> lines;
    private static ChainHead head;

    @TempDir Path folder;
    // fixed seed, so that each run takes the same samples
    private final Random random = new Random(4);

    @BeforeAll
    static void write() {
        lines = Logs.lines(RECORDS, Optional.of(KEY));
        head = Logs.head(lines.getLast());
    }

    @Test
    void findsNoFaultInAnUnchangedLog() {
        Verdict verdict = verify(lines, Optional.of(head));

        assertThat(verdict.faults()).isEmpty();
        assertThat(verdict.report())
                .isEqualTo(
                        new ChainVerification.Report(
                                RECORDS, RECORDS, 0, RECORDS, false, true, false));
    }

    /** Earlier versions wrote the text of callers and tools as it came, not visibly. */
    @Test
    void verifiesALogThatAnEarlierVersionWrote() {
        String text = "a\u007f\u0085\u009b31m\u202e\u2066\u2028\u2029b";
        List<byte[]> earlier = new ArrayList<>();
        String previous = ChainHead.NONE.hash();
        for (int number = 1; number <= 3; number++) {
            String line =
                    "{\"audit\":1,\"seq\":%d,\"prev\":\"%s\",\"at\":\"2026-10-01T00:00:00.000Z\",\"replica\":\"r\",\"kind\":\"decision\",\"iss\":\"%s\",\"sub\":\"%s\",\"tool\":\"%s\"}"
                            .formatted(number, previous, text, text, text);
            earlier.add((line + "\n").getBytes(UTF_8));
            previous = Sha256.base64url(line.getBytes(UTF_8));
        }

        Verdict verdict = verify(earlier, Optional.of(new ChainHead(3, previous)));

        assertThat(verdict.faults()).isEmpty();
        assertThat(verdict.report().headReached()).isTrue();
    }

    @Test
    void namesTheLineOfAnyByteThatWasFlipped() {
        for (int time = 0; time < TIMES; time++) {
            int line = random.nextInt(RECORDS);
            int at = random.nextInt(lines.get(line).length);
            int bit = 1 << random.nextInt(8);

            Verdict verdict = verify(with(line, flipped(line, at, bit)), Optional.of(head));

            assertNamed(verdict, line, "bit %d of byte %d in line %d".formatted(bit, at, line + 1));
        }
    }

    @Test
    void namesTheLineOfEveryChangedByteOfASmallLog() {
        List<byte[]> whole = lines;
        ChainHead end = head;
        try {
            lines = whole.subList(97, 103);
            head = Logs.head(lines.getLast());
            ChainVerification verification =
                    new ChainVerification(Logs.head(whole.get(96)), Optional.of(head), List.of());
            for (int line = 0; line < lines.size(); line++) {
                for (int at = 0; at < lines.get(line).length; at++) {
                    for (int bit : new int[] {1, 8}) {
                        Path file = Logs.write(file(), with(line, flipped(line, at, bit)));
                        assertNamed(
                                Logs.verify(verification, file),
                                line,
                                "bit %d of byte %d in line %d".formatted(bit, at, line + 1));
                    }
                }
            }
        } finally {
            lines = whole;
            head = end;
        }
    }

    @Test
    void namesThePlaceWhereARecordWasRemoved() {
        for (int time = 0; time < TIMES; time++) {
            int line = time == 0 ? 0 : random.nextInt(RECORDS - 1);
            List<byte[]> changed = new ArrayList<>(lines);
            changed.remove(line);

            Verdict verdict = verify(changed, Optional.of(head));

            assertNamed(verdict, line, "removed line " + (line + 1));
            assertThat(verdict.faults()).hasSize(1);
            assertThat(verdict.faults().getFirst().what())
                    .startsWith("seq %d removed or moved".formatted(line + 1));
        }
    }

    @Test
    void namesThePlacesOfTwoSwappedRecords() {
        for (int time = 0; time < TIMES; time++) {
            int one = random.nextInt(RECORDS - 1);
            int other = time % 2 == 0 ? one + 1 : random.nextInt(one + 1, RECORDS);
            List<byte[]> changed = new ArrayList<>(lines);
            Collections.swap(changed, one, other);

            Verdict verdict = verify(changed, Optional.of(head));

            assertNamed(verdict, one, "swapped lines %d and %d".formatted(one + 1, other + 1));
            assertThat(verdict.faults())
                    .extracting(ChainFault::line)
                    .contains(one + 1L, other + 1L)
                    .hasSizeLessThanOrEqualTo(3);
        }
    }

    @Test
    void namesThePlaceWhereTheTailWasCutOff() {
        byte[] all = Logs.joined(lines);
        for (int time = 0; time < TIMES; time++) {
            int cut = time == 0 ? all.length - 1 : random.nextInt(1, all.length);
            byte[] rest = Arrays.copyOf(all, cut);
            int whole = (int) new String(rest, UTF_8).chars().filter(c -> c == '\n').count();

            Verdict verdict = Logs.verify(Optional.of(head), List.of(), Logs.write(file(), rest));

            assertThat(verdict.faults()).as("cut at %d", cut).hasSize(1);
            ChainFault finding = verdict.faults().getFirst();
            boolean torn = rest[cut - 1] != '\n';
            assertThat(finding.line()).as("cut at %d", cut).isEqualTo(torn ? whole + 1 : whole);
            assertThat(finding.sequence()).isEqualTo(whole + 1);
            assertThat(finding.what())
                    .startsWith(torn ? "cut off in this line" : "cut off after this line");
            assertThat(verdict.report().headReached()).isFalse();
            assertThat(verdict.report().tornEnd()).isEqualTo(torn);
        }
    }

    @Test
    void reportsTheTailAsUnprovenWithoutTheHead() {
        List<byte[]> cut = lines.subList(0, 777);

        Verdict withoutKey = verify(cut, Optional.empty());
        Verdict withKey =
                Logs.verify(Optional.empty(), List.of(KEY.publicKey()), Logs.write(file(), cut));

        assertThat(withoutKey.faults()).isEmpty();
        assertThat(withoutKey.report().headReached()).isFalse();
        assertThat(withoutKey.report().proven()).isZero();
        assertThat(withKey.faults()).isEmpty();
        assertThat(withKey.report().headReached()).isFalse();
        assertThat(withKey.report().proven()).isEqualTo(700);
    }

    @Test
    void detectsAChainThatWasWrittenAnew() {
        List<byte[]> forged = Logs.lines(RECORDS, Optional.of(KEY));
        RecordChain chain =
                Logs.chain(Logs.head(lines.get(4999)), Optional.of(Ed25519Key.generate()));
        for (int line = 5000; line < RECORDS; line++) {
            forged.set(
                    line,
                    line % 100 == 99
                            ? chain.checkpoint(Logs.NOW, Optional.empty())
                            : chain.event(Logs.decision("forged")));
        }
        Path file = Logs.write(file(), forged);

        assertThat(verify(forged, Optional.empty()).faults()).isEmpty();
        assertNamed(verify(forged, Optional.of(head)), RECORDS - 1, "forged");
        Verdict signed = Logs.verify(Optional.empty(), List.of(KEY.publicKey()), file);
        assertThat(signed.report().proven()).isEqualTo(5000);
    }

    @Test
    void detectsACheckpointWithAWrongSignature() throws IOException {
        Ed25519Key thief = Ed25519Key.generate();
        List<byte[]> forged =
                Logs.lines(200, Optional.of(thief)).stream()
                        .map(line -> new String(line, UTF_8))
                        .map(line -> line.replace(thief.fingerprint(), KEY.fingerprint()))
                        .map(line -> line.getBytes(UTF_8))
                        .toList();

        Verdict verdict =
                Logs.verify(Optional.empty(), List.of(KEY.publicKey()), Logs.write(file(), forged));

        assertThat(verdict.faults())
                .extracting(ChainFault::what)
                .contains("changed: its signature is wrong");
        assertThat(verdict.report().proven()).isZero();
    }

    @Test
    void verifiesSeveralFilesAndReportsAMissingOne() {
        Path first = Logs.write(folder.resolve("log.1"), lines.subList(0, 3000));
        Path second = Logs.write(folder.resolve("log.2"), lines.subList(3000, 7000));
        Path third = Logs.write(folder.resolve("log.3"), lines.subList(7000, RECORDS));

        assertThat(Logs.verify(Optional.of(head), List.of(), first, second, third).faults())
                .isEmpty();
        assertThat(Logs.verify(Optional.of(head), List.of(), first, third).faults())
                .singleElement()
                .hasToString(
                        third
                                + ":1 seq 3001: seq 3001 to 7000 removed or moved: this line is seq"
                                + " 7001");
        assertThat(Logs.verify(Optional.of(head), List.of(), first, second).faults())
                .singleElement()
                .hasToString(
                        second
                                + ":4000 seq 7001: cut off after this line: seq 7001 to 10000 are"
                                + " missing");
    }

    @Test
    void verifiesLaterFilesAloneGivenTheHeadBeforeThem() {
        Path later = Logs.write(file(), lines.subList(3000, RECORDS));
        ChainHead before = Logs.head(lines.get(2999));

        assertThat(
                        Logs.verify(
                                        new ChainVerification(before, Optional.of(head), List.of()),
                                        later)
                                .faults())
                .isEmpty();
        assertThat(Logs.verify(Optional.of(head), List.of(), later).faults())
                .singleElement()
                .hasToString(
                        later + ":1 seq 1: seq 1 to 3000 removed or moved: this line is seq 3001");
    }

    @Test
    void namesInsertedLines() {
        List<byte[]> changed = new ArrayList<>(lines);
        changed.add(5, "not a record\n".getBytes(UTF_8));
        changed.add(100, lines.get(20));

        assertThat(verify(changed, Optional.of(head)).faults())
                .extracting(ChainFault::line)
                .startsWith(6L, 101L);
    }

    private void assertNamed(Verdict verdict, int line, String what) {
        assertThat(verdict.faults()).as(what).isNotEmpty();
        ChainFault first = verdict.faults().getFirst();
        assertThat(first.line()).as("%s: %s", what, first).isEqualTo(line + 1L);
        assertThat(verdict.report().headReached()).as(what).isFalse();
    }

    private Verdict verify(List<byte[]> changed, Optional<ChainHead> wanted) {
        return Logs.verify(wanted, List.of(), Logs.write(file(), changed));
    }

    private Path file() {
        return folder.resolve("log");
    }

    private static List<byte[]> with(int line, byte[] changed) {
        List<byte[]> all = new ArrayList<>(lines);
        all.set(line, changed);
        return all;
    }

    private static byte[] flipped(int line, int at, int bit) {
        byte[] changed = lines.get(line).clone();
        changed[at] ^= (byte) bit;
        return changed;
    }
}
