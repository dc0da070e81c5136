package services.chorus.seqthink.issuer;

import static services.chorus.seqthink.issuer.OAuthException.Code.INVALID_CLIENT;
import static services.chorus.seqthink.issuer.OAuthException.Code.INVALID_REQUEST;
import static services.chorus.seqthink.issuer.OAuthException.Code.INVALID_TARGET;
import static services.chorus.seqthink.issuer.OAuthException.Code.UNAUTHORIZED_CLIENT;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.function.Supplier;
import java.util.stream.Stream;
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

/** The token authority with its files open. Blocks its thread; safe for use by several. */
final class TokenAuthority implements AutoCloseable {

    /** 76 MiB of hashing at most. */
    private static final int HASHES_AT_ONCE = 4;

    private final String url;
    private final String audience;
    private final SigningKeys keys;
    private final Clients clients;
    private final LastUsed used;
    private final ClientVerifier verifier;
    private final TokenMinter minter;
    private final RevokedTokens revoked;
    private final RevocationList list;
    private final Introspection introspection;

    /**
     * Opens the files; makes the first key where there is none.
     *
     * @param assertions asked for when the first client shows one
     * @throws StoreException when one of the files cannot be used as it is
     */
    TokenAuthority(IssuerConfig config, Supplier<AssertionMemory> assertions, InstantSource clock) {
        IssuerPaths paths = IssuerPaths.of(config).orElseThrow();
        paths.requireAllInPlace();
        this.url = config.url().orElseThrow();
        this.audience = config.audience().orElseThrow();
        this.clients = Clients.open(paths.clients(), clock);
        this.keys = KeySettings.open(paths.keys(), config, clock);
        this.used = LastUsed.of(clients, paths.clients(), clock);
        this.revoked = RevokedTokens.open(paths.revoked(), clock);
        this.verifier =
                new ClientVerifier(
                        clients,
                        new AssertionVerifier(url, assertions, clock),
                        used,
                        clock,
                        HASHES_AT_ONCE);
        this.minter = new TokenMinter(keys, url, audience, config.tokenTtl(), clock);
        this.list = new RevocationList(revoked, keys, url, clock);
        this.introspection = new Introspection(url, keys, clients, revoked, clock);
    }

    /** Authenticates a client. */
    Verified verified(ClientCredentials credentials) throws OAuthException {
        return switch (verifier.verify(credentials)) {
            case Verified verified -> verified;
            case Refused() ->
                    throw new OAuthException(INVALID_CLIENT, "This is no client and its proof");
            case Busy() -> throw OAuthException.forNow("Busy: try again shortly");
            case Unavailable() ->
                    throw OAuthException.forNow("Cannot verify just now: try again shortly");
        };
    }

    /**
     * @param keyThumbprint that of the key which the token is to be bound to
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

    /** The one that is registered, else the one in the client's own assertion. */
    private static Optional<String> ageRecipient(Verified verified) throws OAuthException {
        Optional<String> registered = verified.client().ageRecipient();
        Optional<String> asserted = verified.ageRecipient();
        if (!asserted.stream().allMatch(Registration::isAgeRecipient)) {
            throw new OAuthException(INVALID_REQUEST, "age_recipient is no age recipient");
        }
        if (registered.isPresent() && asserted.isPresent() && !registered.equals(asserted)) {
            throw new OAuthException(
                    INVALID_REQUEST, "age_recipient is not the one that the client has");
        }
        return registered.or(() -> asserted);
    }

    /** Revokes a token of this client's; does nothing for a text that is no token of ours. */
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
            throw OAuthException.forNow("Too many are revoked: try again later");
        }
    }

    /** What this client may know of a token, as RFC 7662 section 2.2 has it. */
    ObjectNode introspect(String token, Client client) {
        return introspection.of(token, client);
    }

    /** Whether the token of this {@code jti} was revoked. */
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

    List<String> warnings() {
        return Stream.of(keys.warnings(), clients.warnings(), revoked.warnings())
                .flatMap(List::stream)
                .toList();
    }

    /** Writes what is only in memory to its file. */
    @Override
    public void close() {
        used.close();
    }
}
