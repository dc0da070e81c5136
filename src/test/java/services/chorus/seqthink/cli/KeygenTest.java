package services.chorus.seqthink.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import services.chorus.seqthink.testing.Canaries;
import services.chorus.seqthink.testing.Client;

class KeygenTest {

    private static final byte[] PLAINTEXT = "plaintext".getBytes(UTF_8);

    @TempDir Path folder;
    private Path key;

    @BeforeEach
    void chooseAFile() {
        key = folder.resolve("door.key");
    }

    @Test
    void writesAFileThatOnlyItsOwnerReadsAndPrintsTheRecipient() throws IOException {
        CommandRun run = CommandRun.of("keygen", "-o", key.toString());

        assertIsTheKeyOf(new String(run.orFail(), UTF_8));
        assertThat(run.errors()).isEmpty();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                .isEqualTo("rw-------");
    }

    @Test
    void printsKeyAndRecipientToSeparateStreamsWithoutAFile() throws IOException {
        CommandRun run = CommandRun.of("keygen");

        Files.write(key, run.orFail());
        assertIsTheKeyOf(run.errors());
    }

    @Test
    void overwritesNothing() throws IOException {
        Files.writeString(key, "precious");

        CommandRun run = CommandRun.of("keygen", "-o", key.toString());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.errors())
                .isEqualTo(
                        "seqthink-wrapper keygen: " + key + " exists; nothing was overwritten\n");
        assertThat(key).hasContent("precious");
    }

    @Test
    void makesPostQuantumKeys() throws IOException {
        String recipient = CommandRun.of("keygen", "--pq", "-o", key.toString()).text().strip();

        assertThat(recipient).startsWith("age1pq1");
        assertThat(Files.readAllLines(key))
                .contains("# public key: " + recipient)
                .last()
                .asString()
                .startsWith("AGE-SECRET-KEY-PQ-1")
                .satisfies(Canaries::note);
        byte[] sealed = CommandRun.of(PLAINTEXT, "seal", "-r", recipient).orFail();
        assertThat(CommandRun.of(sealed, "open", "-i", key.toString()).orFail())
                .isEqualTo(PLAINTEXT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--door", "--dpop"})
    void makesASigningKeyThatOnlyItsOwnerReadsAndPrintsItsFingerprint(String kind)
            throws IOException {
        CommandRun run = CommandRun.of("keygen", kind, "-o", key.toString());

        String fingerprint = new String(run.orFail(), UTF_8).strip();
        JsonNode jwk = new ObjectMapper().readTree(key.toFile());
        Canaries.note(jwk.get("d").textValue());
        assertThat(run.errors()).isEmpty();
        assertThat(jwk.fieldNames()).toIterable().containsExactlyInAnyOrder("kty", "crv", "x", "d");
        // RFC 7638 section 3
        String required =
                "{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"%s\"}"
                        .formatted(jwk.get("x").textValue());
        assertThat(fingerprint).isEqualTo(Client.sha256(required.getBytes(UTF_8)));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                .isEqualTo("rw-------");
    }

    @Test
    void rejectsTwoKindsOfKey() {
        CommandRun run = CommandRun.of("keygen", "--door", "--pq", "-o", key.toString());

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.errors()).contains("mutually exclusive");
        assertThat(key).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--door", "--dpop"})
    void overwritesNothingWithASigningKey(String kind) throws IOException {
        Files.writeString(key, "precious");

        CommandRun run = CommandRun.of("keygen", kind, "-o", key.toString());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.errors()).contains(key + " exists; nothing was overwritten");
        assertThat(key).hasContent("precious");
    }

    @Test
    void makesANewKeyEachTime() {
        assertThat(CommandRun.of("keygen").errors()).isNotEqualTo(CommandRun.of("keygen").errors());
    }

    private void assertIsTheKeyOf(String recipientLine) throws IOException {
        assertThat(recipientLine).matches("age1[02-9ac-hj-np-z]{58}\\n");
        String recipient = recipientLine.strip();
        assertThat(Files.readAllLines(key))
                .hasSize(3)
                .contains("# public key: " + recipient)
                .last()
                .asString()
                .matches("AGE-SECRET-KEY-1[02-9AC-HJ-NP-Z]{58}")
                .satisfies(Canaries::note);
        byte[] sealed = CommandRun.of(PLAINTEXT, "seal", "-r", recipient).orFail();
        assertThat(CommandRun.of(sealed, "open", "-i", key.toString()).orFail())
                .isEqualTo(PLAINTEXT);
    }
}
