package services.chorus.seqthink.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import services.chorus.seqthink.issuer.clients.Clients;
import services.chorus.seqthink.issuer.clients.Registrations;
import services.chorus.seqthink.issuer.keys.TestKeys;
import services.chorus.seqthink.issuer.revoked.RevokedTokens;
import services.chorus.seqthink.testing.Canaries;
import services.chorus.seqthink.testing.OwnFile;

class IssuerRevokeTest {

    private static final String TYPE = "at+jwt";

    @TempDir Path folder;
    private Map<String, String> environment;

    @BeforeEach
    void configureAnIssuer() {
        environment = DoorFiles.issuerEnvironment(folder);
    }

    @ParameterizedTest
    @ValueSource(strings = {"kpK1o9M2vPRhYJv1cGm3tQ", "-pK1o9M2vPRhYJv1cGm3tQ", "a b"})
    void revokesATokenByItsIdUntilAllHaveExpired(String id) throws IOException {
        Instant before = Instant.now();

        CommandRun run = revoke("--", id);

        assertThat(run.errors()).isEmpty();
        assertThat(run.exitCode()).isZero();
        Instant until =
                Instant.parse(run.text().replaceAll("(?s).* revoked until (\\S+),.*", "$1"));
        assertThat(until).isBetween(before.plusSeconds(3600), Instant.now().plusSeconds(3600));
        assertThat(isRevoked(id)).isTrue();
        assertThat(isRevoked("another")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void revokesATokenFromAFile(boolean standardInput) throws IOException {
        String token = token("one", Instant.now().plusSeconds(600));
        Path file = OwnFile.write(folder.resolve("token"), token + "\n");

        CommandRun run =
                standardInput
                        ? CommandRun.in(
                                environment,
                                token.getBytes(UTF_8),
                                "issuer",
                                "revoke",
                                "--token",
                                "-")
                        : revoke("--token", file.toString());

        assertThat(run.exitCode()).as(run.errors()).isZero();
        assertThat(run.text()).contains("one is revoked", "agent").doesNotContain(token);
        assertThat(isRevoked("one")).isTrue();
    }

    @Test
    void rejectsATokenOfAnotherIssuer() throws IOException {
        token("one", Instant.now());
        String token = Canaries.note(token(folder.resolve("other.json"), "two", Instant.now()));
        Path file = OwnFile.write(folder.resolve("token"), token);

        CommandRun run = revoke("--token", file.toString());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.output()).isEmpty();
        assertThat(run.errors()).contains("no key of this issuer").doesNotContain(token);
        assertThat(folder.resolve("revoked.json")).doesNotExist();
    }

    @Test
    void createsNoKeysWhenThereAreNone() throws IOException {
        Path file = OwnFile.write(folder.resolve("token"), "a.b.c");

        CommandRun run = revoke("--token", file.toString());

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.errors()).contains("there is no file", "issuer-keys.json");
        assertThat(folder.resolve("issuer-keys.json")).doesNotExist();
    }

    @Test
    void rejectsATokenGivenAsId() {
        String token = token("one", Instant.now().plusSeconds(600));

        CommandRun run = revoke(token);

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.errors()).contains("--token").doesNotContain(token);
        assertThat(folder.resolve("revoked.json")).doesNotExist();
    }

    @Test
    void printsHowToStopAClient() {
        Registrations.add(
                        Clients.open(folder.resolve("clients.json"), Clock.systemUTC()),
                        Registrations.of(
                                "agent", Set.of("think"), Optional.empty(), Optional.empty()))
                .close();

        CommandRun known = revoke("--client", "agent");
        CommandRun unknown = revoke("--client", "nobody");

        assertThat(known.exitCode()).as(known.errors()).isZero();
        assertThat(known.text()).contains("client disable agent", "expires by 2");
        assertThat(unknown.exitCode()).isEqualTo(1);
        assertThat(unknown.errors()).contains("there is no client nobody");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "one two", "one --client agent", "--token a --client b"})
    void rejectsMoreOrFewerThanOneThingToRevoke(String line) {
        CommandRun run = revoke(line.isEmpty() ? new String[0] : line.split(" "));

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.errors()).contains("Run seqthink-wrapper issuer revoke --help");
        assertThat(folder.resolve("revoked.json")).doesNotExist();
    }

    private CommandRun revoke(String... arguments) {
        return CommandRun.in(
                environment,
                new byte[0],
                Stream.concat(Stream.of("issuer", "revoke"), Stream.of(arguments))
                        .toArray(String[]::new));
    }

    private boolean isRevoked(String id) {
        return RevokedTokens.open(folder.resolve("revoked.json"), Clock.systemUTC()).contains(id);
    }

    private String token(String id, Instant end) {
        return Canaries.note(token(folder.resolve("issuer-keys.json"), id, end));
    }

    private static String token(Path keys, String id, Instant end) {
        return TestKeys.open(keys, Clock.systemUTC())
                .sign(
                        TYPE,
                        "{\"client_id\":\"agent\",\"jti\":\"%s\",\"exp\":%d}"
                                .formatted(id, end.getEpochSecond()));
    }
}
