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

    /**
     * What remembers the assertions that were used, so that each is good once. Safe for use by
     * several threads.
     */
    public static final class AssertionMemory {

        private static final String USE = "client-assertion";
        private static final int MOST_OF_A_CLIENT = 10_000;

        /** How far ahead a client's clock may be where nothing outlives a restart. */
        private static final Duration AHEAD_WITHOUT_PAST = Duration.ofSeconds(2);

        private final SharedState state;
        private final Instant since;
        private final Duration ahead;

        private AssertionMemory(SharedState state, Instant since, Duration ahead) {
            this.state = state;
            this.since = since;
            this.ahead = ahead;
        }

        /** One that outlives this process. */
        public static AssertionMemory lasting(SharedState state) {
            return new AssertionMemory(state, Instant.EPOCH, AssertionVerifier.LEEWAY);
        }

        /** One that knows nothing of what was used before this process started. */
        public static AssertionMemory from(Instant started, SharedState state) {
            return new AssertionMemory(state, started.plus(AHEAD_WITHOUT_PAST), AHEAD_WITHOUT_PAST);
        }

        /** How far ahead {@code iat} may be. */
        Duration ahead() {
            return ahead;
        }

        /** Whether it would know of the assertion, had it been used before. */
        boolean reaches(ClientAssertion.Claims claims) {
            // without iat: before this time no assertion of such a late exp was taken
            return reaches(
                    claims.issuedAt()
                            .orElseGet(() -> claims.expiresAt().minus(AssertionVerifier.MOST)));
        }

        /** Whether every assertion that was used at this time or later is known. */
        public boolean reaches(Instant earliestUse) {
            return since.equals(Instant.EPOCH)
                    || earliestUse.getEpochSecond() > since.getEpochSecond();
        }

        /**
         * Records an assertion, for good. Blocks as {@link SharedState} does.
         *
         * @param life how long it could still be taken
         */
        Admission admit(String clientId, String id, Duration life) {
            return state.admit(new Name(USE, clientId), id, life, MOST_OF_A_CLIENT);
        }
    }
}
