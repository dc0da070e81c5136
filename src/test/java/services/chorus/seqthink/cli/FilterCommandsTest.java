package services.chorus.seqthink.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import services.chorus.seqthink.age.Armor;
import services.chorus.seqthink.age.Encoding;
import services.chorus.seqthink.testing.AgeKey;
import services.chorus.seqthink.testing.Canaries;
import services.chorus.seqthink.testing.Client;
import services.chorus.seqthink.testing.OwnFile;

/** {@code seal} and {@code open}, with files on disk. */
class FilterCommandsTest {

    private static final String ROUTE = "https://door.example/mcp/tool";
    private static final byte[] REQUEST = "{\"tool\":\"t\",\"payload\":{\"a\":1}}".getBytes(UTF_8);

    @TempDir Path folder;
    private final AgeKey door = AgeKey.generate();
    private final AgeKey caller = AgeKey.generate();
    private String token;
    private String tokenFile;
    private String binding;

    @BeforeEach
    void writeFiles() throws IOException {
        OwnFile.write(folder.resolve("door.key"), door.secret() + "\n");
        OwnFile.write(folder.resolve("caller.key"), caller.secret() + "\n");
        token = Canaries.note("token-of-" + caller.recipient());
        tokenFile = OwnFile.write(folder.resolve("token"), token + "\n").toString();
        binding = file("binding");
    }

    @Test
    void sealSealsAnyBytesToAllItsRecipients() throws IOException {
        byte[] bytes = new byte[200_000];
        new Random(1).nextBytes(bytes);
        Files.writeString(path("two.pub"), "# both\n" + caller.recipient() + "\n");

        byte[] sealed =
                CommandRun.of(bytes, "seal", "-r", door.recipient(), "-R", file("two.pub"))
                        .orFail();

        for (String key : new String[] {"door.key", "caller.key"}) {
            assertThat(CommandRun.of(sealed, "open", "-i", file(key)).orFail()).isEqualTo(bytes);
        }
        OwnFile.write(path("other.key"), AgeKey.generate().secret());
        CommandRun other = CommandRun.of(sealed, "open", "-i", file("other.key"));
        assertThat(other.exitCode()).isEqualTo(1);
        assertThat(other.output()).isEmpty();
    }

    @Test
    void openTriesEachOfItsIdentities() {
        byte[] sealed = CommandRun.of(REQUEST, "seal", "-r", door.recipient()).orFail();

        assertThat(
                        CommandRun.of(
                                        sealed,
                                        "open",
                                        "-i",
                                        file("caller.key"),
                                        "-i",
                                        file("door.key"))
                                .orFail())
                .isEqualTo(REQUEST);
    }

    @Test
    void openRejectsAnUnsealedRefusal() {
        CommandRun run =
                CommandRun.of(
                        "{\"title\":\"Unauthorized\",\"status\":401}".getBytes(UTF_8),
                        "open",
                        "-i",
                        file("caller.key"));

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.output()).isEmpty();
        assertThat(run.errors())
                .startsWith("seqthink-wrapper open: standard input is not sealed but JSON");
    }

    @Test
    void sealArmorsWhenAsked() {
        CommandRun run = CommandRun.of(REQUEST, "seal", "--armor", "-r", door.recipient());

        assertThat(run.text()).startsWith("-----BEGIN AGE ENCRYPTED FILE-----\n");
        assertThat(CommandRun.of(run.orFail(), "open", "-i", file("door.key")).orFail())
                .isEqualTo(REQUEST);
    }

    @Test
    void sealAddsAnEnvelope() {
        JsonNode request = Client.open(sealEnveloped("--session", "other").orFail(), door);

        assertThat(request.get("request_id").textValue()).matches("[0-9a-f]{32}");
        assertThat(request.get("issued_at").longValue())
                .isBetween(Instant.now().getEpochSecond() - 60, Instant.now().getEpochSecond());
        assertThat(request.get("ath").textValue()).isEqualTo(Client.sha256(token.getBytes(UTF_8)));
        assertThat(request.get("to").textValue()).isEqualTo(ROUTE);
        assertThat(request.get("reply_to").textValue()).isEqualTo(caller.recipient());
        assertThat(request.get("session").textValue()).isEqualTo("other");
        assertThat(request.get("tool").textValue()).isEqualTo("t");
        assertThat(request.at("/payload/a").intValue()).isEqualTo(1);
    }

    @Test
    void sealEnvelopesOnlyJsonObjects() {
        for (String text : new String[] {"", "[]", "thought", "{\"a\":1,\"a\":2}", "{} {}"}) {
            CommandRun run = envelope(text.getBytes(UTF_8));
            assertThat(run.exitCode()).as(text).isEqualTo(1);
            assertThat(run.output()).isEmpty();
            assertThat(run.errors())
                    .endsWith(
                            ": standard input is not one JSON object without duplicate keys, as --to needs\n");
        }
    }

    @Test
    void openWritesAReplyBoundToItsRequest() throws IOException {
        byte[] sent = sealEnveloped().orFail();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path("binding"))))
                .isEqualTo("rw-------");

        CommandRun opened = openBound(reply(sent, sent, 200));

        assertThat(new ObjectMapper().readTree(opened.orFail()).at("/result/b").intValue())
                .isEqualTo(2);
    }

    @Test
    void openVerifiesTheReplyToAnArmoredRequest() throws IOException {
        byte[] sent = sealEnveloped("--armor").orFail();
        byte[] binary = Armor.dearmor(sent);

        assertThat(openBound(reply(sent, binary, 200)).exitCode()).isZero();
    }

    @Test
    void openFailsForAnError() throws IOException {
        byte[] sent = sealEnveloped().orFail();

        CommandRun opened = openBound(reply(sent, sent, 403));

        assertThat(opened.exitCode()).isEqualTo(1);
        assertThat(opened.text()).contains("\"status\":403");
    }

    @Test
    void openWritesNothingOfAReplyToAnotherRequest() throws IOException {
        byte[] before = sealEnveloped().orFail();
        byte[] old = reply(before, before, 200);
        byte[] sent = sealEnveloped().orFail();
        byte[] otherBytes = Arrays.copyOf(sent, sent.length - 1);
        byte[] noReply = CommandRun.of(REQUEST, "seal", "-r", caller.recipient()).orFail();

        for (byte[] foreign : new byte[][] {old, reply(sent, otherBytes, 200), noReply}) {
            CommandRun opened = openBound(foreign);
            assertThat(opened.exitCode()).isEqualTo(1);
            assertThat(opened.output()).isEmpty();
            assertThat(opened.errors()).contains("nothing was written");
        }
        assertThat(openBound(reply(sent, sent, 200)).exitCode()).isZero();
    }

    @Test
    void openRejectsABindingThatSealDidNotWrite() throws IOException {
        byte[] sent = sealEnveloped().orFail();
        Files.writeString(path("binding"), "one line\n");

        CommandRun opened = openBound(reply(sent, sent, 200));

        assertThat(opened.exitCode()).isEqualTo(1);
        assertThat(opened.output()).isEmpty();
        assertThat(opened.errors()).contains("is not a file that seal --binding wrote");
    }

    private CommandRun sealEnveloped(String... more) {
        return envelope(REQUEST, more);
    }

    private CommandRun envelope(byte[] request, String... more) {
        String[] arguments = {
            "seal",
            "-r",
            door.recipient(),
            "--to",
            ROUTE,
            "--token-file",
            tokenFile,
            "--reply-to",
            caller.recipient(),
            "--binding",
            binding
        };
        String[] all = Arrays.copyOf(arguments, arguments.length + more.length);
        System.arraycopy(more, 0, all, arguments.length, more.length);
        return CommandRun.of(request, all);
    }

    private CommandRun openBound(byte[] sealed) {
        return CommandRun.of(sealed, "open", "-i", file("caller.key"), "--binding", binding);
    }

    /** A gateway's reply to {@code sent}, with the hash of {@code hashed}. */
    private byte[] reply(byte[] sent, byte[] hashed, int status) {
        ObjectNode reply = new ObjectMapper().createObjectNode();
        reply.set("request_id", Client.open(sent, door).get("request_id"));
        reply.put("request_hash", Client.sha256(hashed)).put("status", status);
        reply.putObject("result").put("b", 2);
        return Client.sealed(reply, caller.recipient(), Encoding.BINARY);
    }

    private Path path(String name) {
        return folder.resolve(name);
    }

    private String file(String name) {
        return path(name).toString();
    }
}
