package services.chorus.seqthink.issuer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import services.chorus.seqthink.issuer.clients.Client;
import services.chorus.seqthink.issuer.clients.ClientVerifier.Verification.Verified;
import services.chorus.seqthink.issuer.clients.Clients;
import services.chorus.seqthink.issuer.clients.Registrations;
import services.chorus.seqthink.testing.HandMovedClock;

class IdUsedAgainTest {

    private final HandMovedClock clock = new HandMovedClock();

    @TempDir private Path folder;

    @Test
    void refusesToRevokeATokenOfAnEarlierClientWithTheSameId() throws OAuthException {
        try (TokenAuthority authority = open()) {
            Clients clients = Clients.open(folder.resolve("clients.json"), clock);
            Client former = added(clients);
            String token = token(authority, former);
            clients.remove("agent");
            clock.advance(Duration.ofSeconds(1));
            Client later = added(clients);

            assertThatExceptionOfType(OAuthException.class)
                    .isThrownBy(() -> authority.revoke(token, later))
                    .matches(refused -> refused.code() == OAuthException.Code.UNAUTHORIZED_CLIENT);
            authority.revoke(token(authority, later), later);
            authority.revoke(token, former);
        }
    }

    private TokenAuthority open() {
        return new TokenAuthority(
                IssuerConfigs.complete(folder),
                () -> {
                    throw new AssertionError("No client sends an assertion here");
                },
                clock);
    }

    private static String token(TokenAuthority authority, Client client) throws OAuthException {
        TokenMinter.SignedToken token =
                authority.grant(
                        new TokenRequest(Optional.empty(), Optional.empty()),
                        new Verified(client, Optional.empty()),
                        Optional.empty());
        assertThat(token.value()).isNotEmpty();
        return token.value();
    }

    private static Client added(Clients clients) {
        Registrations.add(
                        clients,
                        Registrations.of(
                                "agent", Set.of("run"), Optional.empty(), Optional.empty()))
                .close();
        return clients.find("agent").orElseThrow();
    }
}
