package services.chorus.seqthink.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import services.chorus.seqthink.app.VariableTable;

class ReadmeTest {

    private static final Pattern TABLE =
            Pattern.compile("<!-- variables -->\n(.*?)<!-- /variables -->", Pattern.DOTALL);

    @Test
    void listsEveryVariableWithItsDefaultAndMeaningInOrder() throws IOException {
        Matcher table = TABLE.matcher(Files.readString(Path.of("README.md")));

        assertThat(table.find()).as("the README has a table between its markers").isTrue();
        assertThat(table.group(1).strip())
                .withFailMessage(
                        () ->
                                "Put this between the markers in README.md:\n\n"
                                        + VariableTable.markdown())
                .isEqualTo(VariableTable.markdown().strip());
    }
}
