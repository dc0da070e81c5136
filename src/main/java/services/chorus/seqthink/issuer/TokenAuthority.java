package services.chorus.seqthink.issuer;

import static services.chorus.seqthink.issuer.OAuthException.Code.INVALID_CLIENT;
import static services.chorus.seqthink.issuer.OAuthException.Code.INVALID_REQUEST;
import static services.chorus.seqthink.issuer.OAuthException.Code.INVALID_TARGET;
import static services.chorus.seqthink.issuer.OAuthException.Code.UNAUTHORIZED_CLIENT;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.InetAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.function.Supplier;
import services.chorus.seqthink.issuer.clients.AssertionVerifier;
import services.chorus.seqthink.issuer.clients.AssertionVerifier.AssertionMemory;
import services.chorus.seqthink.issuer.clients.Client;
import services.chorus.seqthink.issuer.clients.ClientCredentials;
import services.chorus.seqthink.issuer.clients.ClientVerifier;
import services.chorus.seqthink.issuer.clients.ClientVerifier.Verification.Busy;
import services.chorus.seqthink.issuer.clients.ClientVerifier.Verification.Refused;
import services.chorus.seqthink.issuer.clients.ClientVerifier.Verification.Unavailable;
import services.chorus.seqthink.issuer.clients.ClientVerifier.Verification.Verified;
import services.chorus.seqthink.issuer.clients.Clients;
import services.chorus.seqthink.issuer.clients.LastUsed;
import services.chorus.seqthink.issuer.clients.Registration;
import services.chorus.seqthink.issuer.keys.SigningKeys;
import services.chorus.seqthink.issuer.revoked.RevocationList;
import services.chorus.seqthink.issuer.revoked.RevokedTokens;
import services.chorus.seqthink.issuer.store.StoreException;
import services.chorus.seqthink.json.StrictJson;
import services.chorus.seqthink.policy.Scheme;

/** The token authority with its files open. Blocks its thread. Safe for use by several threads. */
final class TokenAuthority implements AutoCloseable {

    /** 76 MiB of hashing at most. */
    private static final int HASHES_AT_ONCE = 4;

    private static final Set<String> INTROSPECTED =
            Set.of(
                    "scope",
                    "client_id",
                    "sub",
                    "aud",
                    "iss",
                    "exp",
                    "iat",
                    "nbf",
                    "jti",
                    "cnf",
                    "age_recipient");

    private final String url;
    private final String audience;
    private final SigningKeys keys;
    private final Clients clients;
    private final LastUsed used;
    private final ClientVerifier verifier;
    private final TokenMinter minter;
    private final RevokedTokens revoked;
    private final RevocationList list;
    private final InstantSource clock;

    /**
     * Opens the files; creates the first key when there is none.
     *
     * @param assertions called when the first client sends an assertion
     * @throws StoreException when a file cannot be used
     */
    TokenAuthority(IssuerConfig config, Supplier<AssertionMemory> assertions, InstantSource clock) {
        IssuerStorage storage = IssuerStorage.of(config).orElseThrow();
        storage.requireAllInPlace();
        this.url = config.url().orElseThrow();
        this.audience = config.audience().orElseThrow();
        this.clients = Clients.open(storage.clients(), clock);
        this.keys = IssuerStorage.openKeys(storage.keys(), config, clock);
        this.used = new LastUsed(clients, storage.clients(), clock);
        this.revoked = RevokedTokens.open(storage.revoked(), clock);
        this.verifier =
                new ClientVerifier(
                        clients,
                        new AssertionVerifier(url, assertions, clock),
                        used,
                        clock,
                        HASHES_AT_ONCE);
        this.minter = new TokenMinter(keys, url, audience, config.tokenTtl(), clock);
        this.list = new RevocationList(revoked, keys, url, clock);
        this.clock = clock;
    }

    Verified verified(ClientCredentials credentials, InetAddress origin) throws OAuthException {
        return switch (verifier.verify(credentials, origin)) {
            case Verified verified -> verified;
            case Refused() ->
                    throw new OAuthException(
                            INVALID_CLIENT, "Unknown client, or wrong credentials");
            case Busy() -> throw OAuthException.forNow("The service is busy: try again shortly");
            case Unavailable() ->
                    throw OAuthException.forNow(
                            "The client cannot be verified now: try again shortly");
        };
    }

    /**
     * @param keyThumbprint of the key that the token is bound to
     */
    TokenMinter.SignedToken grant(
            TokenRequest request, Verified verified, Optional<String> keyThumbprint)
            throws OAuthException {
        Client client = verified.client();
        if (!request.resource().stream().allMatch(audience::equals)) {
            throw new OAuthException(INVALID_TARGET, "No tokens are issued for this resource");
        }
        return minter.mint(
                client, request.granted(client.scopes()), ageRecipient(verified), keyThumbprint);
    }

    /** The registered one, else the one in the client's assertion. */
    private static Optional<String> ageRecipient(Verified verified) throws OAuthException {
        Optional<String> registered = verified.client().ageRecipient();
        Optional<String> asserted = verified.ageRecipient();
        if (!asserted.stream().allMatch(Registration::isAgeRecipient)) {
            throw new OAuthException(INVALID_REQUEST, "age_recipient must be an age recipient");
        }
        if (registered.isPresent() && asserted.isPresent() && !registered.equals(asserted)) {
            throw new OAuthException(
                    INVALID_REQUEST,
                    "age_recipient is not the one that this client is registered with");
        }
        return registered.or(() -> asserted);
    }

    /** Revokes a token of this client; does nothing for a text that is no token of this issuer. */
    void revoke(String token, Client client) throws OAuthException {
        Optional<IssuedToken> issued = IssuedToken.read(token, keys);
        if (issued.isEmpty()) {
            return;
        }
        if (!issued.get().isOf(client)) {
            // RFC 7009 section 2.1
            throw new OAuthException(UNAUTHORIZED_CLIENT, "The token was issued to another client");
        }
        if (!revoked.add(issued.get().tokenId(), issued.get().expiresAt(), client.clientId())) {
            throw OAuthException.forNow("Too many tokens are revoked: try again later");
        }
    }

    /**
     * Introspects a token (RFC 7662 section 2.2). The answer is {@code active}, and nothing else
     * when that is false.
     *
     * @param token any text
     */
    ObjectNode introspect(String token, Client asking) {
        return keys.verified(TokenMinter.TYPE, token)
                .filter(claims -> isActive(IssuedToken.of(claims), asking))
                .map(TokenAuthority::active)
                .orElseGet(() -> StrictJson.object().put("active", false));
    }

    private boolean isActive(IssuedToken token, Client asking) {
        Instant now = clock.instant();
        return (token.isOf(asking) || asking.mayIntrospect())
                && token.issuer().equals(url)
                && token.isCurrentAt(now)
                && !isRevoked(token.tokenId())
                && clients.find(token.clientId())
                        .filter(client -> token.isOf(client) && client.isServedAt(now))
                        .isPresent();
    }

    private static ObjectNode active(ObjectNode claims) {
        Scheme scheme = claims.has("cnf") ? Scheme.DPOP : Scheme.BEARER;
        ObjectNode answer = StrictJson.object().put("active", true);
        answer.put("token_type", scheme.word());
        answer.setAll(claims.deepCopy().<ObjectNode>retain(INTROSPECTED));
        return answer;
    }

    boolean isRevoked(String tokenId) {
        return revoked.contains(tokenId);
    }

    String revokedTokens() {
        return list.signed();
    }

    String url() {
        return url;
    }

    SigningKeys keys() {
        return keys;
    }

    SortedSet<String> scopes() {
        return clients.scopes();
    }

    @Override
    public void close() {
        used.close();
    }
}
