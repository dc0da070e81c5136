package services.chorus.seqthink.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import services.chorus.seqthink.testing.AgeKey;
import services.chorus.seqthink.testing.Attacker;
import services.chorus.seqthink.testing.CommandLineTool;
import services.chorus.seqthink.testing.CommandLineTool.Result;
import services.chorus.seqthink.testing.Door;
import services.chorus.seqthink.testing.OwnFile;

/** A person at a terminal: a folder with a token and a key, and the tools of this machine. */
record Caller(Path folder, AgeKey key) {

    static Caller in(Path folder, String token) throws IOException {
        AgeKey key = AgeKey.generate();
        Files.createDirectories(folder);
        // without a newline: openssl hashes the file as it is
        OwnFile.write(folder.resolve("token"), token);
        OwnFile.write(folder.resolve("auth"), "Authorization: Bearer " + token + "\n");
        OwnFile.write(folder.resolve("caller.key"), key.secret() + "\n");
        return new Caller(folder, key);
    }

    /** Runs one of the scripts beside the tests. */
    Result script(String name, String input, String... arguments) throws Exception {
        for (String tool : List.of("jq", "openssl", "age", "curl")) {
            CommandLineTool.needed(tool, folder);
        }
        Path script = Path.of("src", "test", "resources", name).toAbsolutePath();
        return CommandLineTool.needed("bash", folder)
                .run(
                        input.getBytes(UTF_8),
                        Stream.concat(Stream.of(script.toString()), Stream.of(arguments))
                                .toArray(String[]::new));
    }

    /** Runs an installed tool in this folder. */
    Result tool(String name, String... arguments) throws Exception {
        return CommandLineTool.needed(name, folder).run(arguments);
    }

    JsonNode json(String file) throws IOException {
        return new ObjectMapper().readTree(bytes(file));
    }

    byte[] bytes(String file) throws IOException {
        return Files.readAllBytes(folder.resolve(file));
    }

    /**
     * Runs a command that calls a gateway through an attacker and knows the gateway's fingerprint.
     */
    CommandRun through(
            Attacker attacker, Door door, String command, String input, String... options) {
        String[] usual = {
            command,
            attacker.url(),
            "--door",
            door.signer().fingerprint(),
            "--known-doors",
            folder.resolve("doors.json").toString(),
            "-i",
            folder.resolve("caller.key").toString(),
            "--token-file",
            folder.resolve("token").toString()
        };
        return CommandRun.of(
                input.getBytes(UTF_8),
                Stream.of(usual, options).flatMap(Stream::of).toArray(String[]::new));
    }
}
