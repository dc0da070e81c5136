package services.chorus.seqthink.issuer.clients;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static services.chorus.seqthink.issuer.clients.Asserting.keys;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import services.chorus.seqthink.issuer.store.StoreException;
import services.chorus.seqthink.testing.HandMadeJws;
import services.chorus.seqthink.testing.HandMovedClock;

class ClientsTest {

    private static final String RECIPIENT =
            "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";

    private final HandMovedClock clock = new HandMovedClock();

    @TempDir private Path folder;

    @Test
    void hasNoClientsBeforeTheFirstIsAdded() {
        Clients clients = Clients.open(path(), clock);

        assertThat(clients.find("agent")).isEmpty();
        assertThat(path()).doesNotExist();
    }

    @Test
    void storesTheRegistration() {
        var expiry = clock.instant().plus(Duration.ofDays(90));
        Registrations.add(
                        Clients.open(path(), clock),
                        Registrations.of(
                                "agent",
                                Set.of("b.read", "a.run"),
                                Optional.of(RECIPIENT),
                                Optional.of(expiry)))
                .close();

        Client client = Clients.open(path(), clock).find("agent").orElseThrow();
        assertThat(client.scopes()).containsExactly("a.run", "b.read");
        assertThat(client.ageRecipient()).contains(RECIPIENT);
        assertThat(client.createdAt()).isEqualTo(clock.instant());
        assertThat(client.expiresAt()).contains(expiry);
        assertThat(client.disabled()).isFalse();
    }

    @Test
    void returnsTheScopesOfActiveClients() {
        Clients clients = Clients.open(path(), clock);
        var expiry = clock.instant().plus(Duration.ofDays(90));
        addWithScope(clients, "active", "a", Optional.empty());
        addWithScope(clients, "disabled", "b", Optional.empty());
        addWithScope(clients, "expiring", "c", Optional.of(expiry));
        clients.disable("disabled");
        assertThat(clients.scopes()).containsExactly("a", "c");

        clock.advance(Duration.ofDays(90));
        assertThat(clients.scopes()).containsExactly("a");
    }

    private static void addWithScope(
            Clients clients, String clientId, String scope, Optional<Instant> expiry) {
        Registrations.add(
                        clients,
                        Registrations.of(clientId, Set.of(scope), Optional.empty(), expiry))
                .close();
    }

    @Test
    void makesASecretOf256BitsThatIsStoredOnlyHashed() throws IOException {
        Clients clients = Clients.open(path(), clock);
        try (ClientSecret secret = Registrations.add(clients, agent("agent"))) {
            String shown = new String(secret.reveal(), US_ASCII);

            assertThat(shown).matches("[A-Za-z0-9_-]{43}");
            assertThat(secret).hasToString("ClientSecret[hidden]");
            assertThat(Files.readString(path()))
                    .doesNotContain(shown)
                    .contains("$argon2id$v=19$m=19456,t=2,p=1$");
            assertThat(clients.find("agent").orElseThrow().secretHash())
                    .hasValueSatisfying(
                            hash -> assertThat(hash.is(hash.ofAnother(secret))).isTrue());
        }
    }

    @Test
    void wipesAClosedSecret() {
        byte[] value = "a secret that is long enough to be one".getBytes(US_ASCII);
        ClientSecret.of(value).close();

        assertThat(value).containsOnly(0);
    }

    @Test
    void writesAFileThatOnlyItsOwnerReads() throws IOException {
        Clients clients = Clients.open(path(), clock);
        Registrations.add(clients, agent("agent")).close();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path())))
                .isEqualTo("rw-------");
    }

    @Test
    void refusesAnIdThatIsTaken() throws IOException {
        Clients clients = Clients.open(path(), clock);
        Registrations.add(clients, agent("agent")).close();
        String before = Files.readString(path());

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Registrations.add(clients, agent("agent")))
                .withMessageContaining("exists already");
        assertThat(path()).hasContent(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".hidden", "a b", "a:b", "a/b", "\u00e4", "a\n"})
    void refusesAMalformedId(String clientId) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> agent(clientId))
                .withMessageContaining("client id");
    }

    @Test
    void refusesAnIdThatIsTooLong() {
        assertThat(agent("a".repeat(64)).clientId()).hasSize(64);
        assertThatIllegalArgumentException().isThrownBy(() -> agent("a".repeat(65)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a\"b", "a\\b", "\u00e4"})
    void refusesAMalformedScope(String scope) {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                Registrations.of(
                                        "agent", Set.of(scope), Optional.empty(), Optional.empty()))
                .withMessageContaining("scope");
    }

    @Test
    void refusesAMalformedAgeRecipient() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                Registrations.of(
                                        "agent",
                                        Set.of("run"),
                                        Optional.of("AGE-SECRET-KEY-1"),
                                        Optional.empty()))
                .withMessageContaining("age recipient");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "\u00e4", "\u20ac"})
    void refusesASuppliedSecretOfFewerThan32Characters(String character) {
        Clients clients = Clients.open(path(), clock);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> clients.add(agent("agent"), secret(character.repeat(31))))
                .withMessageContaining("32 characters");
        clients.add(agent("agent"), secret(character.repeat(32)));
        assertThat(clients.find("agent")).isPresent();
    }

    @Test
    void storesThePublicKeysAndRightsOfAClient() {
        HandMadeJws key = HandMadeJws.generate();
        var registration =
                new Registration(
                        "agent", Set.of("run"), Optional.empty(), Optional.empty(), true, true);
        Clients.open(path(), clock).add(registration, keys(key.publicJwk()));

        Client client = Clients.open(path(), clock).find("agent").orElseThrow();
        assertThat(registration(client)).isEqualTo(registration);
        assertThat(client.requiresDpop()).isTrue();
        assertThat(client.mayIntrospect()).isTrue();
        assertThat(client.method()).isEqualTo("private_key_jwt");
        assertThat(client.thumbprints()).containsExactly(key.fingerprint());
        assertThat(path()).content().contains(key.x()).doesNotContain(key.d(), "secret_hash");
    }

    @Test
    void opensAFileFromBeforeClientsHadKeys() throws IOException {
        Files.writeString(
                path(),
                """
                {"clients": [{
                  "client_id": "agent",
                  "secret_hash": "%s",
                  "scopes": ["run"],
                  "disabled": false,
                  "created_at": "2026-01-01T00:00:00Z"
                }]}
                """
                        .formatted(SecretHash.ofNobody().phc()));

        Client client = Clients.open(path(), clock).find("agent").orElseThrow();
        assertThat(client.method()).isEqualTo("client_secret");
        assertThat(client.requiresDpop()).isFalse();
        assertThat(client.mayIntrospect()).isFalse();
        assertThat(client.former()).isEmpty();
    }

    @Test
    void rejectsAFileWithAClientOfTwoMethodsOrNone() throws IOException {
        Clients clients = Clients.open(path(), clock);
        clients.add(agent("agent"), keys(HandMadeJws.generate().publicJwk()));
        String good = Files.readString(path());
        String hash = "\"secret_hash\" : \"" + SecretHash.ofNobody().phc() + "\", ";

        Files.writeString(path(), good.replace("\"jwks\"", hash + "\"jwks\""));
        assertThatThrownBy(() -> Clients.open(path(), clock)).isInstanceOf(StoreException.class);
        Files.writeString(path(), good.replaceFirst("(?s)\"jwks\".*?]\\s*},", ""));
        assertThatThrownBy(() -> Clients.open(path(), clock)).isInstanceOf(StoreException.class);
        Files.writeString(path(), good);
        assertThat(Clients.open(path(), clock).ids()).containsExactly("agent");
    }

    @Test
    void reloadsAClientThatAnotherProcessAdded() {
        Clients running = Clients.open(path(), clock);
        Registrations.add(Clients.open(path(), clock), agent("agent")).close();

        assertThat(running.find("agent")).isEmpty();
        clock.advance(Duration.ofSeconds(2));
        assertThat(running.find("agent")).isPresent();
    }

    @Test
    void losesNoClientThatAnotherProcessAdded() {
        Clients running = Clients.open(path(), clock);
        Registrations.add(Clients.open(path(), clock), agent("theirs")).close();
        Registrations.add(running, agent("ours")).close();

        assertThat(running.find("theirs")).isPresent();
        assertThat(running.find("ours")).isPresent();
    }

    @Test
    void losesNoClientWhenSeveralAreAddedAtOnce() {
        Clients clients = Clients.open(path(), clock);
        IntStream.range(0, 8)
                .parallel()
                .forEach(number -> Registrations.add(clients, agent("agent" + number)).close());

        assertThat(Clients.open(path(), clock).ids()).hasSize(8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{\"clients\":[", "{\"clients\":null}", "{\"clients\":[{}]}"})
    void keepsItsClientsWhenTheFileBreaks(String content) throws IOException {
        Clients clients = Clients.open(path(), clock);
        Registrations.add(clients, agent("agent")).close();
        String good = Files.readString(path());

        Files.writeString(path(), content);
        clock.advance(Duration.ofSeconds(2));
        assertThat(clients.find("agent")).isPresent();

        Files.writeString(path(), good.replace("\"agent\"", "\"renamed\""));
        clock.advance(Duration.ofSeconds(2));
        assertThat(clients.find("agent")).isEmpty();
        assertThat(clients.find("renamed")).isPresent();
    }

    @Test
    void keepsItsClientsWhenTheFileDisappears() throws IOException {
        Clients clients = Clients.open(path(), clock);
        Registrations.add(clients, agent("agent")).close();
        Files.delete(path());
        clock.advance(Duration.ofSeconds(2));

        assertThat(clients.find("agent")).isPresent();
    }

    @Test
    void rejectsABrokenFileAndLeavesItUnchanged() throws IOException {
        Files.writeString(path(), "{\"clients\":[\"s3cret\"]}");

        assertThatThrownBy(() -> Clients.open(path(), clock))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("clients.json is broken (line 1)")
                .hasMessageNotContaining("s3cret")
                .hasNoCause();
        assertThat(path()).hasContent("{\"clients\":[\"s3cret\"]}");
    }

    @Test
    void rejectsAFileWithADuplicateId() throws IOException {
        Clients clients = Clients.open(path(), clock);
        Registrations.add(clients, agent("one")).close();
        Registrations.add(clients, agent("two")).close();
        Files.writeString(path(), Files.readString(path()).replace("\"two\"", "\"one\""));

        assertThatThrownBy(() -> Clients.open(path(), clock)).isInstanceOf(StoreException.class);
    }

    @Test
    void keepsItsClientsAfterACrashOfALaterWrite() throws IOException {
        Registrations.add(Clients.open(path(), clock), agent("agent")).close();
        Files.writeString(folder.resolve("clients.json.tmp"), "{\"clients\":[");

        Clients clients = Clients.open(path(), clock);
        assertThat(clients.find("agent")).isPresent();
        Registrations.add(clients, agent("next")).close();
        assertThat(folder.resolve("clients.json.tmp")).doesNotExist();
        assertThat(Clients.open(path(), clock).ids()).containsExactly("agent", "next");
    }

    private static Registration agent(String clientId) {
        return Registrations.of(clientId, Set.of("run"), Optional.empty(), Optional.empty());
    }

    static Registration registration(Client client) {
        return new Registration(
                client.clientId(),
                client.scopes(),
                client.ageRecipient(),
                client.expiresAt(),
                client.requiresDpop(),
                client.mayIntrospect());
    }

    private static ClientSecret secret(String text) {
        return ClientSecret.of(text.getBytes(UTF_8));
    }

    private Path path() {
        return folder.resolve("clients.json");
    }
}
