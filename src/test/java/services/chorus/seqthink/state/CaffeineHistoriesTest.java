package services.chorus.seqthink.state;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class CaffeineHistoriesTest {

    private static final byte[] KEY = {1};
    private static final byte[] OTHER = {2};

    private final AtomicLong nanos = new AtomicLong();

    @Test
    void keepsTheEntriesOfAKeyInOrderAndApartFromOthers() {
        Histories histories = histories(10, 100, 10_000);

        assertThat(append(histories, KEY, "a")).isEqualTo(1);
        assertThat(append(histories, KEY, "b")).isEqualTo(2);
        assertThat(append(histories, OTHER, "c")).isEqualTo(1);

        assertThat(read(histories, KEY)).containsExactly("a", "b");
        assertThat(read(histories, OTHER)).containsExactly("c");
        assertThat(read(histories, new byte[] {3})).isEmpty();
    }

    @Test
    void forgetsTheOldestEntriesOfALongLogAndStillCountsThem() {
        Histories histories = histories(2, 100, 10_000);

        List.of("a", "b", "c").forEach(entry -> append(histories, KEY, entry));

        assertThat(append(histories, KEY, "d")).isEqualTo(4);
        assertThat(read(histories, KEY)).containsExactly("c", "d");
    }

    @Test
    void forgetsTheOldestEntriesOfALargeLog() {
        Histories histories = histories(10, 5, 10_000);

        List.of("aa", "bb", "ccc").forEach(entry -> append(histories, KEY, entry));
        assertThat(read(histories, KEY)).containsExactly("bb", "ccc");

        append(histories, KEY, "ddddd");
        assertThat(read(histories, KEY)).containsExactly("ddddd");
    }

    @Test
    void refusesAnEntryThatIsLargerThanALogMayBe() {
        Histories histories = histories(10, 5, 10_000);

        assertThatIllegalArgumentException().isThrownBy(() -> append(histories, KEY, "123456"));
    }

    @Test
    void forgetsALogThatNobodyUsed() {
        Histories histories = histories(10, 100, 10_000);
        append(histories, KEY, "a");
        append(histories, OTHER, "b");

        nanos.addAndGet(Duration.ofMinutes(40).toNanos());
        assertThat(read(histories, KEY)).containsExactly("a");
        nanos.addAndGet(Duration.ofMinutes(40).toNanos());

        assertThat(read(histories, KEY)).containsExactly("a");
        assertThat(read(histories, OTHER)).isEmpty();
        assertThat(append(histories, OTHER, "c")).isEqualTo(1);
    }

    @Test
    void boundsAllLogsTogether() {
        Histories histories = histories(10, 100, 3_000);

        IntStream.range(0, 100)
                .forEach(key -> append(histories, new byte[] {(byte) key}, "x".repeat(10)));

        long kept =
                IntStream.range(0, 100)
                        .filter(key -> !read(histories, new byte[] {(byte) key}).isEmpty())
                        .count();
        assertThat(kept).isBetween(1L, 10L);
    }

    @Test
    void isNotChangedThroughTheArraysOfItsCallers() {
        Histories histories = histories(10, 100, 10_000);
        byte[] key = {1};
        byte[] entry = {'a'};
        histories.append(key, entry).await().indefinitely();

        key[0] = 2;
        entry[0] = 'b';
        histories.read(KEY).await().indefinitely().getFirst()[0] = 'c';

        assertThat(read(histories, KEY)).containsExactly("a");
    }

    @Test
    void losesNothingOfConcurrentAppends() throws Exception {
        Histories histories = histories(1_000, 10_000, 1_000_000);
        List<Long> positions;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var appends =
                    IntStream.range(0, 1_000)
                            .mapToObj(
                                    entry ->
                                            threads.submit(
                                                    () -> append(histories, KEY, "" + entry)))
                            .toList();
            positions = appends.stream().map(CaffeineHistoriesTest::get).toList();
        }

        assertThat(positions)
                .containsExactlyInAnyOrderElementsOf(
                        LongStream.rangeClosed(1, 1_000).boxed().toList());
        assertThat(read(histories, KEY)).hasSize(1_000).doesNotHaveDuplicates();
    }

    @Test
    void wantsPositiveLimits() {
        assertThatIllegalArgumentException().isThrownBy(() -> histories(0, 1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> histories(1, 0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> histories(1, 1, 0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new HistoryLimits(1, 1, 1, Duration.ZERO));
    }

    private Histories histories(int entries, int bytes, long total) {
        return new CaffeineHistories(
                new HistoryLimits(entries, bytes, total, Duration.ofHours(1)), nanos::get);
    }

    private static long append(Histories histories, byte[] key, String entry) {
        return histories.append(key, entry.getBytes(UTF_8)).await().indefinitely();
    }

    private static List<String> read(Histories histories, byte[] key) {
        return histories.read(key).await().indefinitely().stream()
                .map(entry -> new String(entry, UTF_8))
                .toList();
    }

    private static <T> T get(java.util.concurrent.Future<T> future) {
        try {
            return future.get();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
