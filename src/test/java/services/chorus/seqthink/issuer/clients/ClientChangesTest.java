package services.chorus.seqthink.issuer.clients;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static services.chorus.seqthink.issuer.clients.Asserting.agent;
import static services.chorus.seqthink.issuer.clients.Asserting.keys;

import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import services.chorus.seqthink.testing.HandMadeJws;
import services.chorus.seqthink.testing.HandMovedClock;

/** Changes of registered clients; registration and storage are in {@link ClientsTest}. */
class ClientChangesTest {

    private final HandMovedClock clock = new HandMovedClock();

    @TempDir private Path folder;

    @Test
    void disablesAndEnablesAClient() {
        Clients clients = Clients.open(path(), clock);
        Registrations.add(clients, agent("agent")).close();

        clients.disable("agent");
        assertThat(stateOf("agent")).isEqualTo(Client.State.DISABLED);
        clients.enable("agent");
        assertThat(stateOf("agent")).isEqualTo(Client.State.ACTIVE);
    }

    @Test
    void changesNoOtherClient() {
        Clients clients = Clients.open(path(), clock);
        Registrations.add(clients, agent("one")).close();
        clients.add(agent("two"), keys(HandMadeJws.generate().publicJwk()));
        String two = Clients.open(path(), clock).find("two").orElseThrow().toString();

        clients.disable("one");
        clients.rotate("one", ClientSecret.random(), Duration.ZERO);
        clients.remove("one");

        Clients reopened = Clients.open(path(), clock);
        assertThat(reopened.ids()).containsExactly("two");
        assertThat(reopened.find("two").orElseThrow()).hasToString(two);
    }

    @Test
    void keepsTheRegistrationWhenTheCredentialIsReplaced() {
        Clients clients = Clients.open(path(), clock);
        Registrations.add(clients, agent("agent")).close();
        clients.disable("agent");
        Registration before = ClientsTest.registration(clients.find("agent").orElseThrow());

        clients.rotate("agent", keys(HandMadeJws.generate().publicJwk()), Duration.ofDays(1));

        Client after = Clients.open(path(), clock).find("agent").orElseThrow();
        assertThat(ClientsTest.registration(after)).isEqualTo(before);
        assertThat(after.disabled()).isTrue();
        assertThat(after.method()).isEqualTo("private_key_jwt");
        assertThat(after.former().orElseThrow().until())
                .isEqualTo(clock.instant().plus(Duration.ofDays(1)));
    }

    @Test
    void acceptsAFormerCredentialForThirtyDaysAtMost() {
        Clients clients = Clients.open(path(), clock);
        Registrations.add(clients, agent("agent")).close();

        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> clients.rotate("agent", ClientSecret.random(), Duration.ofDays(31)))
                .withMessageContaining("30 days");
        clients.rotate("agent", ClientSecret.random(), Duration.ofDays(30));
    }

    @Test
    void refusesAShortSecretAsReplacement() {
        Clients clients = Clients.open(path(), clock);
        Registrations.add(clients, agent("agent")).close();

        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                clients.rotate(
                                        "agent",
                                        ClientSecret.of("short".getBytes(US_ASCII)),
                                        Duration.ZERO))
                .withMessageContaining("32 characters");
    }

    static Stream<Consumer<Clients>> changes() {
        return Stream.of(
                clients -> clients.disable("nobody"),
                clients -> clients.enable("nobody"),
                clients -> clients.remove("nobody"),
                clients -> clients.rotate("nobody", ClientSecret.random(), Duration.ZERO));
    }

    @ParameterizedTest
    @MethodSource("changes")
    void refusesToChangeAnUnknownClient(Consumer<Clients> change) {
        Clients clients = Clients.open(path(), clock);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> change.accept(clients))
                .withMessageContaining("no client with that id");
        assertThat(path()).doesNotExist();
    }

    private Client.State stateOf(String clientId) {
        return Clients.open(path(), clock).find(clientId).orElseThrow().stateAt(clock.instant());
    }

    private Path path() {
        return folder.resolve("clients.json");
    }
}
