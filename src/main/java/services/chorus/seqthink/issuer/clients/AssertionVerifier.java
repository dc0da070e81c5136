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
import services.chorus.seqthink.state.Admission;
import services.chorus.seqthink.state.Name;
import services.chorus.seqthink.state.SharedState;

/**
 * Verifies assertions as in RFC 7523 section 3, and more strictly: one audience, a lifetime of
 * minutes, and single use. Safe for use by several threads.
 *
 * @param issuer the issuer's URL, one of the two values that {@code aud} may have
 * @param memory called when the first assertion arrives
 */
public record AssertionVerifier(
        String issuer, Supplier<AssertionMemory> memory, InstantSource clock) {

    /** How far the clocks of clients and replicas may differ from this one. */
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
                && !claims.issuedAt().orElse(now).isAfter(now.plus(memory.get().ahead));
    }

    private static boolean signed(Client client, ClientAssertion assertion, Instant now) {
        return client.credentialsAt(now)
                .anyMatch(known -> known instanceof PublicKeys keys && keys.signed(assertion));
    }

    private Verification once(Client client, ClientAssertion.Claims claims, Instant now) {
        // without iat: an assertion with this exp was not accepted before this time
        Instant earliestUse = claims.issuedAt().orElseGet(() -> claims.expiresAt().minus(MOST));
        if (!memory.get().reaches(earliestUse)) {
            return new Unavailable();
        }
        // a replica whose clock is behind by the leeway accepts it for as much longer
        Instant end = claims.expiresAt().plus(LEEWAY).plus(LEEWAY);
        Duration life = Duration.between(now, end);
        return switch (memory.get().admit(client.clientId(), claims.id(), life)) {
            case ADMITTED -> new Verified(client, claims.ageRecipient());
            case KNOWN -> new Refused();
            case FULL -> new Busy();
            case UNAVAILABLE -> new Unavailable();
        };
    }

    /**
     * Remembers used assertions, so that each is accepted once. Safe for use by several threads.
     */
    public static final class AssertionMemory {

        private static final String USE = "client-assertion";
        private static final int MOST_OF_A_CLIENT = 10_000;
        private static final Duration AHEAD_WITHOUT_PAST = Duration.ofSeconds(2);

        private final SharedState state;
        private final Instant since;

        /** How far ahead {@code iat} may be. */
        private final Duration ahead;

        private AssertionMemory(SharedState state, Instant since, Duration ahead) {
            this.state = state;
            this.since = since;
            this.ahead = ahead;
        }

        /** A memory that outlives this process. */
        public static AssertionMemory lasting(SharedState state) {
            return new AssertionMemory(state, Instant.EPOCH, LEEWAY);
        }

        /** A memory without the assertions that were used before this process started. */
        public static AssertionMemory from(Instant started, SharedState state) {
            return new AssertionMemory(state, started.plus(AHEAD_WITHOUT_PAST), AHEAD_WITHOUT_PAST);
        }

        /** Whether it contains every assertion that was used at this time or later. */
        public boolean reaches(Instant earliestUse) {
            return since.equals(Instant.EPOCH)
                    || earliestUse.getEpochSecond() > since.getEpochSecond();
        }

        /**
         * Records an assertion; this is never undone. Blocks as {@link SharedState} does.
         *
         * @param life how long it could still be accepted
         */
        Admission admit(String clientId, String id, Duration life) {
            return state.admit(new Name(USE, clientId), id, life, MOST_OF_A_CLIENT);
        }
    }
}
