package services.chorus.seqthink.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import services.chorus.seqthink.issuer.clients.AssertionVerifier;
import services.chorus.seqthink.issuer.clients.AssertionVerifier.AssertionMemory;
import services.chorus.seqthink.issuer.clients.ClientCredentials;
import services.chorus.seqthink.issuer.clients.ClientSecret;
import services.chorus.seqthink.issuer.clients.ClientVerifier;
import services.chorus.seqthink.issuer.clients.ClientVerifier.Verification.Verified;
import services.chorus.seqthink.issuer.clients.Clients;
import services.chorus.seqthink.issuer.clients.LastUsed;
import services.chorus.seqthink.testing.Canaries;
import services.chorus.seqthink.testing.HandMadeJws;
import services.chorus.seqthink.testing.States;

/** The commands for registered clients. */
class ClientCommandTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final InstantSource CLOCK = InstantSource.system();

    @TempDir Path folder;
    private Path file;

    @BeforeEach
    void chooseAFile() {
        file = folder.resolve("clients.json");
    }

    @Test
    void listsEachClientWithoutSecrets() throws IOException {
        String secret = secretOf(client("add", "agent", "--secret", "--scope", "a,b"));
        addExpired("keyed");
        client("add", "former").orFail();
        client("disable", "former").orFail();

        List<String> lines = client("list").text().lines().toList();

        assertThat(lines).hasSize(3);
        assertThat(lines.get(0)).startsWith("agent ").contains("client_secret", "active", "a b");
        assertThat(lines.get(1)).contains("private_key_jwt", "expired", "2020-01-01T00:00:00Z");
        assertThat(lines.get(2)).startsWith("former ").contains("disabled");
        assertThat(client("list").text() + client("list", "--json").text())
                .doesNotContain(secret, "argon2id", "\"d\"");
    }

    @Test
    void listsAllPropertiesAsJson() throws IOException {
        HandMadeJws key = HandMadeJws.generate();
        Path publicKey = Files.writeString(folder.resolve("agent.pub"), key.publicJwk());
        client("add", "agent", "--public-key", publicKey.toString(), "--introspect").orFail();
        client("rotate-secret", "agent", "--keep-old", "1h").orFail();

        JsonNode agent = JSON.readTree(client("list", "--json").orFail()).get(0);

        assertThat(agent.get("client_id").textValue()).isEqualTo("agent");
        assertThat(agent.get("method").textValue()).isEqualTo("private_key_jwt");
        assertThat(agent.get("state").textValue()).isEqualTo("active");
        assertThat(agent.get("introspect").booleanValue()).isTrue();
        assertThat(agent.get("require_dpop").booleanValue()).isFalse();
        assertThat(agent.get("scopes")).hasToString("[\"sequentialthinking.run\"]");
        assertThat(agent.get("key_thumbprints")).hasSize(1);
        assertThat(agent.get("key_thumbprints").get(0).textValue()).isNotEqualTo(key.fingerprint());
        assertThat(Instant.parse(agent.get("former_until").textValue()))
                .isBetween(Instant.now(), Instant.now().plus(Duration.ofHours(1)));
        assertThat(agent.has("last_used")).isFalse();
    }

    @Test
    void listsNoClients() {
        client("add", "agent").orFail();
        client("remove", "agent").orFail();

        assertThat(client("list").orFail()).isEmpty();
        assertThat(client("list", "--json").text().strip()).isEqualTo("[ ]");
    }

    @Test
    void rejectsAListOfAMissingFile() {
        for (String[] options : new String[][] {{}, {"--json"}}) {
            CommandRun run = client("list", options);

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.output()).isEmpty();
            assertThat(run.errors())
                    .isEqualTo(
                            "seqthink-wrapper client list: there is no file %s: check the path,"
                                            .formatted(file)
                                    + " or create it with client add\n");
        }
        assertThat(file).doesNotExist();
    }

    @Test
    void listsLastUses() throws IOException {
        String secret = secretOf(client("add", "agent", "--secret"));
        client("add", "idle", "--secret").orFail();
        Instant before = Instant.now().minusSeconds(1);
        assertThat(isVerified("agent", secret)).isTrue();

        JsonNode all = JSON.readTree(client("list", "--json").orFail());
        assertThat(Instant.parse(all.get(0).get("last_used").textValue()))
                .isBetween(before, Instant.now());
        assertThat(all.get(1).has("last_used")).isFalse();
        assertThat(client("list").text()).contains(all.get(0).get("last_used").textValue());
    }

    @Test
    void listsClientsWhenTheirLastUsesAreUnreadable() throws IOException {
        client("add", "agent").orFail();
        Files.writeString(LastUsed.path(file), "{");

        CommandRun run = client("list");
        assertThat(run.text()).contains("agent");
        assertThat(run.errors()).startsWith("warning: ").contains("is broken");
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void disablesAClientUntilItIsEnabled() throws IOException {
        String secret = secretOf(client("add", "agent", "--secret"));
        assertThat(isVerified("agent", secret)).isTrue();

        assertThat(client("disable", "agent").text()).isEqualTo("agent is disabled%n".formatted());
        assertThat(isVerified("agent", secret)).isFalse();
        assertThat(client("enable", "agent").text()).isEqualTo("agent is enabled%n".formatted());
        assertThat(isVerified("agent", secret)).isTrue();
    }

    @Test
    void reportsThatAnEnabledClientHasExpired() throws IOException {
        addExpired("agent");

        assertThat(client("enable", "agent").text()).contains("expired at 2020-01-01T00:00:00Z");
    }

    @Test
    void removesAClientAndItsLastUse() throws IOException {
        String secret = secretOf(client("add", "agent", "--secret"));
        assertThat(isVerified("agent", secret)).isTrue();
        assertThat(LastUsed.path(file)).content().contains("agent");

        client("remove", "agent").orFail();

        assertThat(isVerified("agent", secret)).isFalse();
        assertThat(file).content().doesNotContain("agent");
        assertThat(LastUsed.path(file)).content().doesNotContain("agent");
        client("add", "agent").orFail();
    }

    @Test
    void replacesASecretAtOnce() throws IOException {
        String first = secretOf(client("add", "agent", "--secret"));
        CommandRun run = client("rotate-secret", "agent");
        String second = secretOf(run);

        assertThat(run.errors()).contains("the old one no longer works");
        assertThat(isVerified("agent", first)).isFalse();
        assertThat(isVerified("agent", second)).isTrue();
    }

    @Test
    void keepsTheOldSecretForTheGivenDuration() throws IOException {
        String first = secretOf(client("add", "agent", "--secret"));
        CommandRun run = client("rotate-secret", "agent", "--keep-old", "24h");
        String second = secretOf(run);

        assertThat(run.errors()).contains("the old one works until ");
        assertThat(isVerified("agent", first)).isTrue();
        assertThat(isVerified("agent", second)).isTrue();
        assertThat(isVerified("agent", first, Duration.ofHours(24))).isFalse();
        assertThat(isVerified("agent", second, Duration.ofHours(24))).isTrue();
    }

    @Test
    void replacesAKey() throws IOException {
        client("add", "agent").orFail();
        String before = Files.readString(file);
        Path out = folder.resolve("next.jwk");

        assertThat(client("rotate-secret", "agent").text()).contains("client_key={");
        assertThat(client("rotate-secret", "agent", "--key-out", out.toString()).text())
                .contains("key_thumbprint=");
        assertThat(file).content().isNotEqualTo(before).contains("jwks");
        assertThat(out).exists();
    }

    @Test
    void replacesASecretByAKey() throws IOException {
        String secret = secretOf(client("add", "agent", "--secret"));
        HandMadeJws key = HandMadeJws.generate();
        Path publicKey = Files.writeString(folder.resolve("agent.pub"), key.publicJwk());

        client("rotate-secret", "agent", "--public-key", publicKey.toString()).orFail();

        assertThat(isVerified("agent", secret)).isFalse();
        assertThat(client("list").text()).contains("private_key_jwt");
    }

    @ParameterizedTest
    @ValueSource(strings = {"soon", "1", "-1h", "1w"})
    void rejectsAMalformedKeepOld(String duration) {
        client("add", "agent").orFail();

        CommandRun run = client("rotate-secret", "agent", "--keep-old", duration);
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.errors())
                .contains("--keep-old", "is not a duration such as 90s, 15m, 24h or 7d");
    }

    @Test
    void keepsAnOldCredentialForThirtyDaysAtMost() {
        client("add", "agent").orFail();

        CommandRun run = client("rotate-secret", "agent", "--keep-old", "31d");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.errors()).contains("30 days at most");
    }

    @ParameterizedTest
    @ValueSource(strings = {"disable", "enable", "remove", "rotate-secret"})
    void rejectsAnUnknownClient(String command) throws IOException {
        client("add", "agent").orFail();
        String before = Files.readString(file);

        CommandRun run = client(command, "nobody");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.output()).isEmpty();
        assertThat(run.errors())
                .isEqualTo(
                        "seqthink-wrapper client %s: There is no client with that id: run client list to see all%n"
                                .formatted(command));
        assertThat(file).hasContent(before);
    }

    @Test
    void usesTheClientsOfTheConfiguredIssuer() throws IOException {
        Path config =
                Files.writeString(
                        folder.resolve("settings.toml"),
                        "[issuer]\nclients-path = \"%s\"\n".formatted(file));
        String[] add = {"client", "add", "agent", "--config", config.toString()};

        CommandRun.of(add).orFail();
        assertThat(file).content().contains("agent");
        assertThat(
                        CommandRun.in(
                                        Map.of("CONFIG_PATH", config.toString()),
                                        new byte[0],
                                        "client",
                                        "list")
                                .text())
                .startsWith("agent ");

        Path named = folder.resolve("named.json");
        CommandRun.of(
                        Stream.concat(Stream.of(add), Stream.of("--file", named.toString()))
                                .toArray(String[]::new))
                .orFail();
        assertThat(named).content().contains("agent");
    }

    @Test
    void rejectsACommandWithoutAClientsFile() {
        CommandRun run = CommandRun.of("client", "list");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.errors()).contains("--file FILE", "ISSUER_CLIENTS_PATH");
    }

    @Test
    void addsNoClientAfterAnInterruptedRestore() throws IOException {
        Files.writeString(folder.resolve("keys.json.pending"), "{");
        Map<String, String> issuer =
                Map.of(
                        "ISSUER_KEYS_PATH",
                        folder.resolve("keys.json").toString(),
                        "ISSUER_CLIENTS_PATH",
                        file.toString());

        CommandRun run = CommandRun.in(issuer, new byte[0], "client", "add", "agent");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.errors()).contains("restore the same backup again");
        assertThat(file).doesNotExist();
    }

    /** Registers a client, and moves its expiry into the past. */
    private void addExpired(String id) throws IOException {
        client("add", id, "--expires", "2099-01-01T00:00:00Z").orFail();
        String clients = Files.readString(file);
        assertThat(clients).containsOnlyOnce("2099-01-01T00:00:00Z");
        Files.writeString(file, clients.replace("2099-01-01T00:00:00Z", "2020-01-01T00:00:00Z"));
    }

    private CommandRun client(String command, String... arguments) {
        return CommandRun.of(
                Stream.of(
                                Stream.of("client", command),
                                Stream.of(arguments),
                                Stream.of("--file", file.toString()))
                        .flatMap(words -> words)
                        .toArray(String[]::new));
    }

    private static String secretOf(CommandRun run) {
        run.orFail();
        return Canaries.note(
                run.text().lines().toList().get(1).substring("client_secret=".length()));
    }

    private boolean isVerified(String id, String secret) {
        return isVerified(id, secret, Duration.ZERO);
    }

    /** Whether an issuer that starts that much later accepts the secret. */
    private boolean isVerified(String id, String secret, Duration later) {
        InstantSource then = InstantSource.offset(CLOCK, later);
        Supplier<AssertionMemory> memory = () -> AssertionMemory.lasting(States.inMemory());
        Clients clients = Clients.open(file, then);
        try (LastUsed used = new LastUsed(clients, file, then);
                ClientCredentials credentials =
                        new ClientCredentials.Secret(
                                id, ClientSecret.of(secret.getBytes(US_ASCII)))) {
            return new ClientVerifier(
                                    clients,
                                    new AssertionVerifier("https://tokens.example", memory, then),
                                    used,
                                    then,
                                    1)
                            .verify(credentials, InetAddress.getLoopbackAddress())
                    instanceof Verified;
        }
    }
}
