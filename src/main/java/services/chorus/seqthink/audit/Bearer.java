package services.chorus.seqthink.audit;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import java.util.Set;

/**
 * Who presented a verified token, and what it says of itself; never the token.
 *
 * @param issuer its {@code iss}
 * @param claim the claim that names the caller, {@code sub} or {@code client_id}
 * @param name that claim's value
 * @param tokenId its {@code jti}
 * @param scopes what it grants
 */
public record Bearer(
        String issuer, String claim, String name, Optional<String> tokenId, Set<String> scopes) {

    public Bearer {
        requireNonNull(issuer, "issuer is null");
        requireNonNull(claim, "claim is null");
        requireNonNull(name, "name is null");
        requireNonNull(tokenId, "tokenId is null");
        scopes = Set.copyOf(scopes);
    }
}
