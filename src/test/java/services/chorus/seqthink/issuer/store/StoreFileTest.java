package services.chorus.seqthink.issuer.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreFileTest {

    private static final Document DOCUMENT = new Document(Instant.parse("2030-01-01T00:00:00Z"));

    @TempDir Path folder;
    private StoreFile<Document> file;

    record Document(Instant since) {}

    @BeforeEach
    void createTheStore() {
        file = new StoreFile<>(folder.resolve("file.json"), Document.class);
    }

    @Test
    void isEmptyUntilItIsWritten() {
        assertThat(file.read()).isEmpty();

        file.update(_ -> DOCUMENT);

        assertThat(file.read()).contains(DOCUMENT);
    }

    @Test
    void isNotCreatedAfterAnInterruptedRestore() throws IOException {
        Files.writeString(folder.resolve("file.json.pending"), "{}");

        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(file::read)
                .withMessageContaining("restore the same backup again")
                .withMessageContaining("file.json.pending");
        assertThatExceptionOfType(StoreException.class)
                .isThrownBy(() -> file.update(_ -> DOCUMENT));
        assertThat(folder.resolve("file.json")).doesNotExist();
    }

    @Test
    void isReadDespiteAPendingFile() throws IOException {
        file.update(_ -> DOCUMENT);
        Files.writeString(folder.resolve("file.json.pending"), "{}");

        assertThat(file.read()).contains(DOCUMENT);
    }
}
