package services.chorus.seqthink.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import services.chorus.seqthink.pipeline.Problem;

/** The document lists exactly the existing problems. */
class ProtocolDocumentTest {

    @Test
    void listsEveryProblemWithItsStatus() throws IOException {
        String document = Files.readString(Path.of("docs", "protocol.md"));
        List<String> listed =
                Pattern.compile("^\\| (\\d{3}) \\| `([a-z-]+)` \\|", Pattern.MULTILINE)
                        .matcher(document)
                        .results()
                        .map(row -> row.group(1) + " " + row.group(2))
                        .toList();

        assertThat(listed)
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(Problem.values())
                                .map(problem -> problem.status() + " " + problem.code())
                                .toList());
    }
}
