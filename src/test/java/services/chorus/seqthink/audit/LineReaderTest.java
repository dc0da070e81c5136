package services.chorus.seqthink.audit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The joined pieces of any file are the file. */
@Timeout(60)
class LineReaderTest {

    private static final int MAX_PIECE = LineReader.MAX_PIECE;

    @TempDir Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {"", "\n", "\n\n", "a", "a\n", "a\nb", "a\n\nb\n", "torn {\"audit\":1,\"se"})
    void losesNothingOfAFile(String content) throws IOException {
        assertThat(joined(content)).isEqualTo(content);
    }

    @Test
    void losesNothingWhereverTheBufferEnds() throws IOException {
        for (int before = MAX_PIECE - 3; before <= MAX_PIECE + 3; before++) {
            for (String end :
                    new String[] {"", "\n", "b", "\nb", "\nb\n", "\n" + "c".repeat(MAX_PIECE)}) {
                String content = "first\n" + "a".repeat(before) + end;
                assertThat(joined(content).equals(content)).as("%d, %s", before, end).isTrue();
            }
        }
    }

    @Test
    void returnsALongLineInPieces() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "x".repeat(3 * MAX_PIECE) + "\ny");
        try (LineReader lines = new LineReader(file, 0)) {
            for (int i = 0; i < 3; i++) {
                assertThat(lines.next().orElseThrow().bytes()).hasSize(MAX_PIECE);
            }
            assertThat(lines.next().orElseThrow().endsLine()).isTrue();
            assertThat(lines.next().orElseThrow().endsLine()).isFalse();
            assertThat(lines.next()).isEmpty();
            assertThat(lines.next()).isEmpty();
        }
    }

    private String joined(String content) throws IOException {
        Path file = Files.writeString(folder.resolve("file"), content, US_ASCII);
        StringBuilder all = new StringBuilder();
        try (LineReader lines = new LineReader(file, 0)) {
            for (Optional<LineReader.Piece> next = lines.next();
                    next.isPresent();
                    next = lines.next()) {
                all.append(new String(next.get().bytes(), US_ASCII));
                all.append(next.get().endsLine() ? "\n" : "");
            }
        }
        return all.toString();
    }
}
