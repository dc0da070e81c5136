package services.chorus.seqthink.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import services.chorus.seqthink.issuer.clients.Clients;
import services.chorus.seqthink.issuer.clients.Registrations;
import services.chorus.seqthink.issuer.keys.SigningKeys;
import services.chorus.seqthink.issuer.keys.TestKeys;
import services.chorus.seqthink.issuer.revoked.RevokedTokens;

/**
 * A folder with an issuer's files, and the commands that use them.
 *
 * @param environment of the commands
 */
record IssuerFolder(Path folder, Map<String, String> environment) {

    static final List<String> FILES =
            List.of("issuer-keys.json", "clients.json", "clients.json.used.json", "revoked.json");

    private static final ObjectMapper JSON = new ObjectMapper();

    /** An empty folder. */
    static IssuerFolder in(Path folder) throws IOException {
        Files.createDirectories(folder);
        Map<String, String> environment = DoorFiles.issuerEnvironment(folder);
        environment.put("ISSUER_REVOKED_PATH", folder.resolve("revoked.json").toString());
        return new IssuerFolder(folder, environment);
    }

    /** An issuer with one key, two clients, one of them used, and one revoked token. */
    static IssuerFolder withClients(Path folder) throws IOException {
        IssuerFolder home = in(folder);
        home.keys();
        for (String id : List.of("agent", "other")) {
            Registrations.add(
                            home.clients(),
                            Registrations.of(
                                    id, Set.of("think"), Optional.empty(), Optional.empty()))
                    .close();
        }
        Files.writeString(
                home.file("clients.json.used.json"),
                "{\"last_used\":{\"agent\":\"2026-03-01T12:00:00Z\"}}");
        home.revoked().add("revoked-id", Instant.now().plusSeconds(600));
        return home;
    }

    /** The same issuer, which seals its private keys to this identity. */
    IssuerFolder sealing(Path identity) {
        var sealing = new HashMap<>(environment);
        sealing.put("ISSUER_IDENTITY_PATH", identity.toString());
        return new IssuerFolder(folder, sealing);
    }

    CommandRun run(String command, String... options) {
        return CommandRun.in(environment, new byte[0], with(options, "issuer", command));
    }

    static String[] with(String[] options, String... before) {
        return Stream.concat(Stream.of(before), Stream.of(options)).toArray(String[]::new);
    }

    Path file(String name) {
        return folder.resolve(name);
    }

    List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    SigningKeys keys() {
        return TestKeys.open(file("issuer-keys.json"), Clock.systemUTC());
    }

    Clients clients() {
        return Clients.open(file("clients.json"), Clock.systemUTC());
    }

    RevokedTokens revoked() {
        return RevokedTokens.open(file("revoked.json"), Clock.systemUTC());
    }

    String kid() throws IOException {
        return JSON.readTree(keys().jwks()).findValue("kid").textValue();
    }

    /** The unencrypted private key in the file. */
    String privateKey() throws IOException {
        return JSON.readTree(file("issuer-keys.json").toFile()).findValue("pkcs8").textValue();
    }

    static void assertReadableByItsOwnerOnly(Path file) {
        try {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
