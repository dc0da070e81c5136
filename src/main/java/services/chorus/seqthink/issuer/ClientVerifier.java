package services.chorus.seqthink.issuer;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Verifies that a client is who it says. An unknown client costs a hash too, so that time tells
 * nobody which clients exist. At most so many hashes run at once, for each takes 19 MiB. Blocks its
 * thread; safe for use by several.
 */
final class ClientVerifier {

    private static final SecretHash NOBODYS = SecretHash.ofNobody();

    private final Clients clients;
    private final InstantSource clock;
    private final VerifiedSecrets verified;
    private final Semaphore hashing;
    private final Duration patience;

    /**
     * @param atOnce how many hashes may run at once
     * @param patience how long one waits for its turn before the answer is {@code Busy}
     */
    ClientVerifier(Clients clients, InstantSource clock, int atOnce, Duration patience) {
        this.clients = clients;
        this.clock = clock;
        this.verified = new VerifiedSecrets(clock);
        this.hashing = new Semaphore(atOnce);
        this.patience = patience;
    }

    Verification verify(String clientId, ClientSecret secret) {
        Optional<Client> client = clients.find(clientId);
        if (client.isPresent() && verified.remembers(client.get(), secret)) {
            return outcome(client, true);
        }
        if (!getsTurn()) {
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

    private boolean getsTurn() {
        try {
            return hashing.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
