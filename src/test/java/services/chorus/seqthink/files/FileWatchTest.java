package services.chorus.seqthink.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileWatchTest {

    private static final Duration FAST = Duration.ofMillis(10);

    @TempDir Path folder;

    private final List<String> reported = new CopyOnWriteArrayList<>();
    private final AtomicInteger looks = new AtomicInteger();
    private final ScheduledExecutorService thread =
            new ScheduledThreadPoolExecutor(1) {
                @Override
                protected void afterExecute(Runnable look, Throwable failure) {
                    looks.incrementAndGet();
                }
            };
    private Path file;

    @BeforeEach
    void watch() throws IOException {
        file = Files.writeString(folder.resolve("file"), "one");
        try (FileSnapshot known = FileSnapshot.of(file)) {
            FileWatch.start(thread, FAST, List.of(file), known, found -> reported.add(text(found)));
        }
    }

    @AfterEach
    void end() {
        thread.shutdownNow();
    }

    @Test
    void pollsOftenEnoughToReloadWithinFiveSeconds() {
        assertThat(FileWatch.USUAL_PACE.multipliedBy(2)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void reportsEachChangeOnceAndNotTheInitialContent() throws IOException {
        awaitMoreLooks();
        assertThat(reported).isEmpty();

        Files.writeString(file, "two");
        await().until(() -> reported.contains("two"));
        Files.writeString(file, "three");
        await().until(() -> reported.contains("three"));
        awaitMoreLooks();

        assertThat(reported).containsExactly("two", "three");
    }

    @Test
    void reportsADeletedFileAndItsReturn() throws IOException {
        Files.delete(file);
        await().until(() -> reported.contains("gone"));
        Files.writeString(file, "one");
        await().until(() -> reported.contains("one"));

        assertThat(reported).containsExactly("gone", "one");
    }

    @Test
    void continuesAfterItsCallbackFails() throws IOException {
        Files.writeString(file, "fail");
        await().until(() -> reported.contains("fail"));
        Files.writeString(file, "two");
        await().until(() -> reported.contains("two"));
    }

    private void awaitMoreLooks() {
        int before = looks.get();
        await().until(() -> looks.get() > before + 3);
    }

    private String text(FileSnapshot found) {
        try {
            String text = new String(found.content(file), UTF_8);
            if (text.equals("fail")) {
                reported.add(text);
                throw new IllegalStateException("as planned");
            }
            return text;
        } catch (NoSuchFileException e) {
            return "gone";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
