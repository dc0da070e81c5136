package services.chorus.seqthink.issuer.clients;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** Registers clients in tests. */
public final class Registrations {

    private Registrations() {}

    public static Registration of(
            String clientId,
            Set<String> scopes,
            Optional<String> ageRecipient,
            Optional<Instant> expiresAt) {
        return new Registration(clientId, scopes, ageRecipient, expiresAt, false, false);
    }

    /** Registers a client with a new random secret, for the caller to close. */
    public static ClientSecret add(Clients clients, Registration registration) {
        ClientSecret secret = ClientSecret.random();
        clients.add(registration, secret);
        return secret;
    }
}
