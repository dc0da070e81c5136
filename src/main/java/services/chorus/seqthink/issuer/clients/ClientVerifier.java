package services.chorus.seqthink.issuer.clients;

import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * Verifies that a client is who it says. An unknown client costs a hash too, so that time tells
 * nobody which clients exist. Only so many hashes run at once, for each takes 19 MiB; nobody waits
 * for a turn, so that a flood cannot hold the threads of others. Safe for use by several threads.
 */
public final class ClientVerifier {

    private static final SecretHash NOBODYS = SecretHash.ofNobody();

    private final Clients clients;
    private final InstantSource clock;
    private final VerifiedSecrets verified;
    private final Semaphore hashing;

    public ClientVerifier(Clients clients, InstantSource clock, int hashesAtOnce) {
        this.clients = clients;
        this.clock = clock;
        this.verified = new VerifiedSecrets(clock);
        this.hashing = new Semaphore(hashesAtOnce);
    }

    public Verification verify(String clientId, ClientSecret secret) {
        Optional<Client> client = clients.find(clientId);
        if (client.isPresent() && verified.remembers(client.get(), secret)) {
            return outcome(client, true);
        }
        if (!hashing.tryAcquire()) {
            return new Verification.Busy();
        }
        try {
            boolean matches = client.map(Client::secretHash).orElse(NOBODYS).matches(secret);
            if (matches) {
                client.ifPresent(known -> verified.remember(known, secret));
            }
            return outcome(client, matches);
        } finally {
            hashing.release();
        }
    }

    private Verification outcome(Optional<Client> client, boolean matches) {
        return client.filter(known -> matches && known.isServedAt(clock.instant()))
                .<Verification>map(Verification.Verified::new)
                .orElseGet(Verification.Refused::new);
    }
}
