package services.chorus.seqthink.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import services.chorus.seqthink.testing.AgeKey;
import services.chorus.seqthink.testing.Canaries;

class ClientAddTest {

    private static final Pattern PRINTED =
            Pattern.compile("client_id=(\\S+)\\Rclient_secret=(\\S{32,})\\R");

    @TempDir Path folder;
    private Path clients;

    @BeforeEach
    void chooseAFile() {
        clients = folder.resolve("clients.json");
    }

    @Test
    void printsTheSecretOnceAndKeepsOnlyItsHash() throws IOException {
        CommandRun run = add("agent");

        run.orFail();
        Matcher printed = PRINTED.matcher(run.text());
        assertThat(printed.matches()).isTrue();
        assertThat(printed.group(1)).isEqualTo("agent");
        String secret = Canaries.note(printed.group(2));
        assertThat(Files.readString(clients)).contains("agent").doesNotContain(secret);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(clients)))
                .isEqualTo("rw-------");
        assertThat(run.errors()).isEmpty();
    }

    @Test
    void keepsWhatTheClientIsGiven() throws IOException {
        String recipient = AgeKey.generate().recipient();

        add(
                        "agent",
                        "--scope",
                        "a,b",
                        "--scope",
                        "c",
                        "--age-recipient",
                        recipient,
                        "--expires",
                        "2099-01-31T00:00:00Z")
                .orFail();

        JsonNode kept = new ObjectMapper().readTree(clients.toFile());
        assertThat(kept.findValue("scopes")).hasToString("[\"a\",\"b\",\"c\"]");
        assertThat(kept.toString()).contains(recipient, "agent");
    }

    @Test
    void addsToTheClientsThatAreThereAndTakesNoIdTwice() throws IOException {
        add("one").orFail();
        add("two").orFail();
        String before = Files.readString(clients);

        CommandRun again = add("one");

        assertThat(again.exitCode()).isEqualTo(1);
        assertThat(again.output()).isEmpty();
        assertThat(again.errors())
                .startsWith("seqthink-wrapper client add: ")
                .contains("one exists already");
        assertThat(clients).hasContent(before);
        assertThat(before).contains("one", "two");
    }

    @Test
    void refusesAFileThatIsNoClientsFile() throws IOException {
        Files.writeString(clients, "not json");

        CommandRun run = add("agent");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.output()).isEmpty();
        assertThat(clients).hasContent("not json");
    }

    private CommandRun add(String id, String... options) {
        String[] arguments = new String[options.length + 5];
        System.arraycopy(
                new String[] {"client", "add", id, "--file", clients.toString()},
                0,
                arguments,
                0,
                5);
        System.arraycopy(options, 0, arguments, 5, options.length);
        return CommandRun.of(arguments);
    }
}
