package services.chorus.seqthink.issuer.clients;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import services.chorus.seqthink.issuer.clients.ClientVerifier.Verification;
import services.chorus.seqthink.issuer.clients.ClientVerifier.Verification.Busy;
import services.chorus.seqthink.issuer.clients.ClientVerifier.Verification.Refused;
import services.chorus.seqthink.issuer.clients.ClientVerifier.Verification.Unavailable;
import services.chorus.seqthink.issuer.clients.ClientVerifier.Verification.Verified;

/**
 * Judges assertions by RFC 7523 section 3, and more narrowly: one audience, a life of minutes, and
 * good once. Safe for use by several threads.
 *
 * @param issuer the issuer's URL, which may be an assertion's {@code aud}
 * @param memory asked for when the first assertion comes
 */
public record AssertionVerifier(
        String issuer, Supplier<AssertionMemory> memory, InstantSource clock) {

    /** How far a client's clock may be off, and a replica's of ours. */
    static final Duration LEEWAY = Duration.ofMinutes(1);

    /** How far ahead {@code exp} may be. */
    static final Duration MOST = Duration.ofMinutes(5).plus(LEEWAY);

    Verification verify(ClientAssertion assertion, Optional<Client> client) {
        Instant now = clock.instant();
        ClientAssertion.Claims claims = assertion.claims();
        return client.filter(known -> known.isServedAt(now))
                .filter(_ -> isForUs(claims, assertion.endpoint()) && isTimely(claims, now))
                .filter(known -> signed(known, assertion, now))
                .map(known -> once(known, claims, now))
                .orElseGet(Refused::new);
    }

    private boolean isForUs(ClientAssertion.Claims claims, String endpoint) {
        return claims.issuer().equals(claims.subject())
                && (claims.audience().equals(issuer) || claims.audience().equals(endpoint));
    }

    private boolean isTimely(ClientAssertion.Claims claims, Instant now) {
        return now.isBefore(claims.expiresAt().plus(LEEWAY))
                && !claims.expiresAt().isAfter(now.plus(MOST))
                && !claims.notBefore().orElse(now).isAfter(now.plus(LEEWAY))
                && !claims.issuedAt().orElse(now).isAfter(now.plus(memory.get().ahead()));
    }

    private static boolean signed(Client client, ClientAssertion assertion, Instant now) {
        return client.credentialsAt(now)
                .anyMatch(known -> known instanceof PublicKeys keys && keys.signed(assertion));
    }

    private Verification once(Client client, ClientAssertion.Claims claims, Instant now) {
        if (!memory.get().reaches(claims)) {
            return new Unavailable();
        }
        // until a replica whose clock is behind ours by as much takes it no more
        Instant end = claims.expiresAt().plus(LEEWAY).plus(LEEWAY);
        Duration life = Duration.between(now, end);
        return switch (memory.get().admit(client.clientId(), claims.id(), life)) {
            case ADMITTED -> new Verified(client, claims.ageRecipient());
            case KNOWN -> new Refused();
            case FULL -> new Busy();
            case UNAVAILABLE -> new Unavailable();
        };
    }
}
