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
 * An issuer's files in a folder of their own, and the commands about it.
 *
 * @param environment what the commands find there
 */
record IssuerHome(Path folder, Map<String, String> environment) {

    static final List<String> FILES =
            List.of("issuer-keys.json", "clients.json", "clients.json.used.json", "revoked.json");

    private static final ObjectMapper JSON = new ObjectMapper();

    /** A folder with nothing in it yet. */
    static IssuerHome in(Path folder) throws IOException {
        Files.createDirectories(folder);
        Map<String, String> environment = DoorFiles.issuerEnvironment(folder);
        environment.put("ISSUER_REVOKED_PATH", folder.resolve("revoked.json").toString());
        return new IssuerHome(folder, environment);
    }

    /** An issuer of one key, two clients, one of them used, and one token taken back. */
    static IssuerHome inhabited(Path folder) throws IOException {
        IssuerHome home = in(folder);
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
        home.revoked().add("taken-back", Instant.now().plusSeconds(600));
        return home;
    }

    /** The same, whose private keys are to be sealed to that identity. */
    IssuerHome sealing(Path identity) {
        var sealing = new HashMap<>(environment);
        sealing.put("ISSUER_IDENTITY_PATH", identity.toString());
        return new IssuerHome(folder, sealing);
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

    /** The private key as it stands in the file, in the clear. */
    String privateKey() throws IOException {
        return JSON.readTree(file("issuer-keys.json").toFile()).findValue("pkcs8").textValue();
    }

    static void isItsOwnersAlone(Path file) {
        try {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
