package services.chorus.seqthink.issuer.clients;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import services.chorus.seqthink.hash.Hmac;
import services.chorus.seqthink.policy.limits.Network;
import services.chorus.seqthink.policy.limits.Shares;

/**
 * Authenticates clients, each by the one method it is registered with. A secret costs a hash for an
 * unknown client too, so that the response time does not tell which clients exist. The number of
 * concurrent hashes is limited, because each takes 19 MiB, and one network (a /56 in IPv6) gets
 * half of them at most; no request waits for its turn, so that a flood cannot hold the threads of
 * others. Safe for use by several threads.
 */
public final class ClientVerifier {

    /** The outcome of a verification. */
    public sealed interface Verification {

        /**
         * The credentials are those of this client.
         *
         * @param ageRecipient the recipient of replies that its assertion requests; any text
         */
        record Verified(Client client, Optional<String> ageRecipient) implements Verification {}

        /** Unknown, disabled or expired client, or wrong credentials: one outcome for all. */
        record Refused() implements Verification {}

        /** Too many are being verified now, or too many of this client were; nothing was done. */
        record Busy() implements Verification {}

        /** Whether the assertion was used before cannot be determined now. */
        record Unavailable() implements Verification {}
    }

    private final Clients clients;
    private final AssertionVerifier assertions;
    private final LastUsed used;
    private final InstantSource clock;
    private final VerifiedSecrets verified;
    private final Shares<Network> hashing;

    /**
     * @param hashesAtOnce how many secrets are hashed concurrently at most
     */
    public ClientVerifier(
            Clients clients,
            AssertionVerifier assertions,
            LastUsed used,
            InstantSource clock,
            int hashesAtOnce) {
        this.clients = clients;
        this.assertions = assertions;
        this.used = used;
        this.clock = clock;
        this.verified = new VerifiedSecrets(clock);
        this.hashing = new Shares<>(hashesAtOnce, 1, Math.max(1, hashesAtOnce / 2));
    }

    /**
     * May block its thread for seconds. Does not close the credentials.
     *
     * @param origin the address that the request comes from
     */
    public Verification verify(ClientCredentials credentials, InetAddress origin) {
        Optional<Client> client = clients.find(credentials.clientId());
        Verification verification =
                switch (credentials) {
                    case ClientCredentials.Secret(_, ClientSecret secret) ->
                            verify(secret, client, Network.ofSubscriber(origin));
                    case ClientAssertion assertion -> assertions.verify(assertion, client);
                };
        if (verification instanceof Verification.Verified(Client known, _)) {
            used.note(known.clientId());
        }
        return verification;
    }

    private Verification verify(ClientSecret secret, Optional<Client> client, Network origin) {
        Instant now = clock.instant();
        List<SecretHash> hashes =
                client.stream()
                        .flatMap(known -> known.credentialsAt(now))
                        .filter(SecretHash.class::isInstance)
                        .map(SecretHash.class::cast)
                        .toList();
        if (hashes.stream().anyMatch(hash -> verified.remembers(hash, secret))) {
            return outcome(client, true, now);
        }
        if (hashing.take(origin, 1) != Shares.Grant.GRANTED) {
            return new Verification.Busy();
        }
        try {
            // the hashes of a client have one salt: one computation serves to compare with each
            SecretHash presented =
                    hashes.stream().findFirst().orElseGet(SecretHash::ofNobody).ofAnother(secret);
            boolean matches = hashes.stream().anyMatch(presented::is);
            if (matches) {
                verified.remember(presented, secret);
            }
            return outcome(client, matches, now);
        } finally {
            hashing.release(origin, 1);
        }
    }

    private static Verification outcome(Optional<Client> client, boolean matches, Instant now) {
        return client.filter(known -> matches && known.isServedAt(now))
                .<Verification>map(known -> new Verification.Verified(known, Optional.empty()))
                .orElseGet(Verification.Refused::new);
    }

    /**
     * Secrets that matched within the last minute, one for each hash, so that a busy client costs
     * one Argon2 hash a minute. Stores only tags under a key that exists in this process alone.
     */
    static final class VerifiedSecrets {

        private static final Duration KEPT_FOR = Duration.ofMinutes(1);

        private final InstantSource clock;
        private final byte[] key = new byte[Hmac.SIZE];
        private final Map<String, Remembered> byHash = new ConcurrentHashMap<>();

        VerifiedSecrets(InstantSource clock) {
            this.clock = clock;
            new SecureRandom().nextBytes(key);
        }

        void remember(SecretHash hash, ClientSecret secret) {
            Instant now = clock.instant();
            byHash.values().removeIf(remembered -> !now.isBefore(remembered.until));
            byHash.put(hash.phc(), new Remembered(tag(hash, secret), now.plus(KEPT_FOR)));
        }

        boolean remembers(SecretHash hash, ClientSecret secret) {
            Remembered remembered = byHash.get(hash.phc());
            return remembered != null
                    && clock.instant().isBefore(remembered.until)
                    && MessageDigest.isEqual(remembered.tag, tag(hash, secret));
        }

        /** Bound to the stored hash, so that a replaced secret is not remembered. */
        private byte[] tag(SecretHash hash, ClientSecret secret) {
            // the PHC string has a fixed length, so the two parts cannot be shifted
            byte[] phc = hash.phc().getBytes(StandardCharsets.US_ASCII);
            return new Hmac().mac(key, phc, secret.bytes());
        }

        private record Remembered(byte[] tag, Instant until) {}
    }
}
