package services.chorus.seqthink.issuer;

import static services.chorus.seqthink.issuer.TokenError.INVALID_CLIENT;
import static services.chorus.seqthink.issuer.TokenError.INVALID_TARGET;
import static services.chorus.seqthink.issuer.TokenError.TEMPORARILY_UNAVAILABLE;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.SortedSet;
import java.util.stream.Stream;
import services.chorus.seqthink.issuer.Verification.Busy;
import services.chorus.seqthink.issuer.Verification.Refused;
import services.chorus.seqthink.issuer.Verification.Verified;

/** The token authority with its files open. Blocks its thread; safe for use by several. */
final class Authority {

    /** 76 MiB of hashing at most. */
    private static final int HASHES_AT_ONCE = 4;

    private final String url;
    private final String audience;
    private final SigningKeys keys;
    private final Clients clients;
    private final ClientVerifier verifier;
    private final TokenMinter minter;

    private Authority(
            String url,
            String audience,
            SigningKeys keys,
            Clients clients,
            Duration tokenTtl,
            InstantSource clock) {
        this.url = url;
        this.audience = audience;
        this.keys = keys;
        this.clients = clients;
        this.verifier = new ClientVerifier(clients, clock, HASHES_AT_ONCE);
        this.minter = new TokenMinter(keys, url, audience, tokenTtl, clock);
    }

    /**
     * @throws StoreException when one of the files cannot be used as it is
     */
    static Authority open(IssuerConfig config, InstantSource clock) {
        return new Authority(
                config.url().orElseThrow(),
                config.audience().orElseThrow(),
                SigningKeys.open(config.keysPath().orElseThrow(), clock),
                Clients.open(config.clientsPath().orElseThrow(), clock),
                config.tokenTtl(),
                clock);
    }

    AccessToken grant(TokenRequest request, Credentials credentials) throws TokenRefused {
        Client client = verified(credentials);
        if (!request.resource().stream().allMatch(audience::equals)) {
            throw new TokenRefused(INVALID_TARGET, "No tokens are issued for this resource");
        }
        return minter.mint(client, request.granted(client.scopes()));
    }

    String url() {
        return url;
    }

    String jwks() {
        return keys.jwks();
    }

    SortedSet<String> scopes() {
        return clients.scopes();
    }

    List<String> warnings() {
        return Stream.of(keys.warnings(), clients.warnings()).flatMap(List::stream).toList();
    }

    private Client verified(Credentials credentials) throws TokenRefused {
        return switch (verifier.verify(credentials.clientId(), credentials.secret())) {
            case Verified(Client client) -> client;
            case Refused() ->
                    throw new TokenRefused(INVALID_CLIENT, "This is no client and its secret");
            case Busy() ->
                    throw new TokenRefused(TEMPORARILY_UNAVAILABLE, "Busy: try again shortly");
        };
    }
}
