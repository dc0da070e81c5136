package services.chorus.seqthink.gateway;

import io.quarkus.security.identity.SecurityIdentity;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import services.chorus.seqthink.policy.AccessToken;
import services.chorus.seqthink.policy.Caller;
import services.chorus.seqthink.sealing.Expected;

/**
 * What the resources know of who calls, whether a token said it or the development identity did.
 *
 * @param caller who calls
 * @param scopes what they may
 * @param expiresAt until when; empty only where policy is off
 * @param tokenHash the envelope's {@code ath}; empty only where policy is off
 * @param ageRecipient the recipient the token names
 */
record Presented(
        Caller caller,
        Set<String> scopes,
        Optional<Instant> expiresAt,
        Optional<String> tokenHash,
        Optional<String> ageRecipient) {

    static Presented token(AccessToken token) {
        return new Presented(
                token.caller(),
                token.scopes(),
                Optional.of(token.expiresAt()),
                Optional.of(token.hash()),
                token.ageRecipient());
    }

    /** What a request to a route must have been sealed for to come from here. */
    Expected expectedAt(String url) {
        return new Expected(tokenHash, url, ageRecipient);
    }

    /** What the request's own principal presents. */
    static Presented by(SecurityIdentity identity) {
        if (identity.getPrincipal() instanceof Presenter presenter) {
            return presenter.presented();
        }
        throw new IllegalStateException("An identity that no mechanism of ours made");
    }
}
