package services.chorus.seqthink.issuer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import services.chorus.seqthink.issuer.clients.Client;
import services.chorus.seqthink.issuer.clients.Clients;
import services.chorus.seqthink.issuer.clients.Registration;
import services.chorus.seqthink.issuer.clients.Registrations;
import services.chorus.seqthink.issuer.keys.SigningKeys;
import services.chorus.seqthink.issuer.keys.TestKeys;
import services.chorus.seqthink.testing.HandMovedClock;

/** When a correctly signed token is inactive. */
class TokenEndsTest {

    private static final String URL = "https://tokens.example";
    private static final Duration LIFE = Duration.ofMinutes(15);

    /** The authority reads the clients' file again after this time. */
    private static final Duration RELOAD = Duration.ofSeconds(2);

    private final HandMovedClock clock = new HandMovedClock();

    @TempDir private Path folder;

    private SigningKeys keys;
    private Clients clients;
    private TokenAuthority authority;

    @BeforeEach
    void register() {
        keys = TestKeys.open(folder.resolve("keys.json"), clock);
        clients = Clients.open(folder.resolve("clients.json"), clock);
        add("agent", false);
        add("watcher", true);
        authority =
                new TokenAuthority(
                        IssuerConfigs.complete(folder),
                        () -> {
                            throw new AssertionError("No client sends an assertion here");
                        },
                        clock);
    }

    @AfterEach
    void close() {
        authority.close();
    }

    @Test
    void whenItExpires() {
        String token = token(URL);

        clock.advance(LIFE.minusSeconds(1));
        assertThat(isActive(token)).isTrue();
        clock.advance(Duration.ofSeconds(1));
        assertThat(isActive(token)).isFalse();
    }

    @Test
    void beforeItsNotBefore() {
        String token = token(URL);

        clock.advance(Duration.ofSeconds(-2));
        assertThat(isActive(token)).isFalse();
    }

    @Test
    void whileItsClientIsDisabled() {
        String token = token(URL);

        clients.disable("agent");
        clock.advance(RELOAD);
        assertThat(isActive(token)).isFalse();
        clients.enable("agent");
        clock.advance(RELOAD);
        assertThat(isActive(token)).isTrue();
    }

    @Test
    void whenItsClientIsRemoved() {
        String token = token(URL);

        clients.remove("agent");
        clock.advance(RELOAD);

        assertThat(isActive(token)).isFalse();
    }

    @Test
    void whenItsClientWasReplacedByAnotherWithTheSameId() {
        String token = token(URL);
        clients.remove("agent");

        clock.advance(Duration.ofSeconds(1));
        add("agent", false);
        clock.advance(RELOAD);

        assertThat(isActive(token)).isFalse();
        assertThat(isActive(token(URL))).isTrue();
    }

    @Test
    void whenTheIssuerHasAnotherUrl() {
        assertThat(isActive(token("https://before.example"))).isFalse();
    }

    private boolean isActive(String token) {
        Client watcher = clients.find("watcher").orElseThrow();
        return authority.introspect(token, watcher).get("active").booleanValue();
    }

    private String token(String issuer) {
        Client agent = clients.find("agent").orElseThrow();
        return new TokenMinter(keys, issuer, "https://door.example", LIFE, clock)
                .mint(agent, new TreeSet<>(agent.scopes()), Optional.empty(), Optional.empty())
                .value();
    }

    private void add(String clientId, boolean mayIntrospect) {
        Registrations.add(
                        clients,
                        new Registration(
                                clientId,
                                Set.of("run"),
                                Optional.empty(),
                                Optional.empty(),
                                false,
                                mayIntrospect))
                .close();
    }
}
